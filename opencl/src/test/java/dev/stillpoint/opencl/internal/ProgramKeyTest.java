package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgramKeyTest {
    private static final DeviceDescription DEVICE = Descriptions.identified("P", "D", "1.2.3", "OpenCL 3.0 x");

    @Test
    void everyPartCounts() {
        List<ProgramKey> keys = List.of(
                ProgramKey.of("V", DEVICE, "source", "options"),
                ProgramKey.of("V", DEVICE, "source ", "options"),
                ProgramKey.of("V", DEVICE, "source", "options "),
                ProgramKey.of("W", DEVICE, "source", "options"),
                ProgramKey.of("V", Descriptions.identified("Q", "D", "1.2.3", "OpenCL 3.0 x"), "source", "options"),
                ProgramKey.of("V", Descriptions.identified("P", "E", "1.2.3", "OpenCL 3.0 x"), "source", "options"),
                ProgramKey.of("V", Descriptions.identified("P", "D", "1.2.4", "OpenCL 3.0 x"), "source", "options"),
                ProgramKey.of("V", Descriptions.identified("P", "D", "1.2.3", "OpenCL 3.0 y"), "source", "options"));
        assertEquals(keys.size(), new HashSet<>(keys).size(), keys.toString());
        Set<String> names = new HashSet<>();
        keys.forEach(key -> names.add(key.toString()));
        assertEquals(keys.size(), names.size(), names.toString());
    }

    @Test
    void textsDoNotRunIntoOneAnother() {
        assertNotEquals(ProgramKey.of("V", DEVICE, "bc", "a"), ProgramKey.of("V", DEVICE, "c", "ab"));
        assertNotEquals(ProgramKey.of("V", DEVICE, "", "ab"), ProgramKey.of("V", DEVICE, "ab", ""));
        assertNotEquals(
                ProgramKey.of("VP", Descriptions.identified("", "D", "1", "x"), "s", "o"),
                ProgramKey.of("V", Descriptions.identified("P", "D", "1", "x"), "s", "o"));
    }

    @Test
    void equalPartsGiveEqualKeys() {
        ProgramKey key = ProgramKey.of("V", DEVICE, "source \u00e9", "options");
        ProgramKey again = ProgramKey.of(
                "V", Descriptions.identified("P", "D", "1.2.3", "OpenCL 3.0 x"), "source \u00e9", "options");
        assertEquals(key, again);
        assertEquals(key.hashCode(), again.hashCode());
        assertTrue(key.toString().matches("[0-9a-f]{64}"), key.toString());
    }
}
