package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL11;
import org.lwjgl.opencl.CL12;
import org.lwjgl.opencl.CL20;
import org.lwjgl.opencl.CL21;
import org.lwjgl.opencl.CL22;
import org.lwjgl.opencl.CL30;
import org.lwjgl.opencl.KHRICD;

class ClErrorTest {
    /// Negative, but answers and not errors.
    private static final Set<String> NO_ERRORS = Set.of("CL_BUILD_NONE", "CL_BUILD_ERROR", "CL_BUILD_IN_PROGRESS");

    @Test
    void namesEveryErrorOfTheSpecificationAsLwjglDoes() throws IllegalAccessException {
        int errors = 0;
        for (Class<?> version : List.of(
                CL10.class, CL11.class, CL12.class, CL20.class, CL21.class, CL22.class, CL30.class, KHRICD.class)) {
            for (Field field : version.getDeclaredFields()) {
                if (field.getType() == int.class && !NO_ERRORS.contains(field.getName()) && field.getInt(null) < 0) {
                    assertEquals(field.getName(), ClError.name(field.getInt(null)));
                    errors++;
                }
            }
        }
        assertTrue(errors > 50, "only " + errors + " errors compared");
    }

    @Test
    void describesWithTheNumber() {
        assertEquals("CL_OUT_OF_RESOURCES (-5)", ClError.describe(-5));
        assertEquals("unknown error (-9999)", ClError.describe(-9999));
    }
}
