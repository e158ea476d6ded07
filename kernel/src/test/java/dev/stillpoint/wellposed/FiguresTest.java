package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class FiguresTest {

    @Test
    void boundsAreRoundedToTheirOwnSide() {
        assertEquals("0.3333333334", Figures.upper(1.0 / 3));
        assertEquals("0.3333333333", Figures.lower(1.0 / 3));
        assertEquals("-0.3333333334", Figures.lower(-1.0 / 3));
        assertEquals("3", Figures.upper(3));
        assertEquals("0", Figures.upper(0));
        assertEquals("1.5E+20", Figures.upper(1.5e20));
        assertEquals("inf", Figures.upper(Double.POSITIVE_INFINITY));
    }

    @Test
    void theSideOfOneStaysVisible() {
        assertEquals("0.999999999999", Figures.upper(1 - 1e-12).substring(0, 14));
        assertEquals("1.000000000001", Figures.lower(1 + 1.5e-12).substring(0, 14));
    }

    @Test
    void bracketsAreOneNumberWhereNarrow() {
        assertEquals("1.41421", new Bracket(Math.sqrt(2), Math.nextUp(Math.sqrt(2))).toString());
        assertEquals("[1, 2]", new Bracket(1, 2).toString());
        assertEquals("[-inf, 2]", new Bracket(Double.NEGATIVE_INFINITY, 2).toString());
        assertThrows(IllegalArgumentException.class, () -> new Bracket(2, 1));
        assertThrows(IllegalArgumentException.class, () -> new Bracket(Double.NaN, 1));
    }
}
