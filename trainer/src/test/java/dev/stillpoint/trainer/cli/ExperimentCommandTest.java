package dev.stillpoint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExperimentCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("experiment"));
        all.addAll(Arrays.asList(arguments));
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    }

    private List<String> listing() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theLimitIsShownInAPageAndAReport() throws IOException {
        Path page = folder.resolve("limit.html");
        Path report = folder.resolve("limit.json");
        Files.writeString(page, "what was there before");
        int code = run(
                "optimal-limit",
                "--order",
                "4",
                "--halvings",
                "5",
                "--page",
                page.toString(),
                "--report",
                report.toString());
        assertEquals(ExitCodes.OK, code, err::toString);
        assertEquals(List.of("limit.html", "limit.json"), listing());
        assertTrue(Files.readString(page).startsWith("<!DOCTYPE html>"));
        String json = Files.readString(report).replaceAll("\\s", "");
        assertTrue(json.startsWith("{\"experiment\":\"optimal-limit\",\"depth\":3,\"order\":4,\"slope\":0.5,"), json);
        assertTrue(json.contains("\"converged\":true"), json);
        assertTrue(json.contains("\"alpha\":[1.0,0.5,0.25,0.125,0.0625,0.03125],\"distance\":["), json);
        for (String name : List.of("distance", "distance_farthest", "bound", "iterations")) {
            String values = json.substring(json.indexOf("\"" + name + "\":[") + name.length() + 4);
            assertEquals(6, values.substring(0, values.indexOf(']')).split(",").length, name);
        }
        assertTrue(out.toString().contains("the theory says 1"), out::toString);
        assertTrue(out.toString().contains("page: " + page), out::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "optimal-limit --depth 1 | depth is 1, expected at least 2",
                "optimal-limit --slope 1 | slope is 1.0, expected a number between 0 and 1",
                "optimal-limit --halvings 40 | halvings is 40, expected a number from 2 to 20",
                "optimal-limit --activation nonsense | unknown activation 'nonsense'",
                "optimal-limit --activation max-pool:4 | activation is max-pool:4, expected a proximal map",
                "optimal-limit --activation softmax:5 | blocks of 5",
                "optimal-limit --nonsense | --nonsense",
                "optimal-limit --report FOLDER/absent/r.json | r.json: its directory does not exist",
                "optimal-limit --page FOLDER/absent/p.html | p.html: its directory does not exist",
            })
    void mistakesAreOneLineAndNothingIsWritten(String arguments, String part) throws IOException {
        List<String> all = new ArrayList<>(
                Arrays.asList(arguments.replace("FOLDER", folder.toString()).split(" ")));
        if (!all.contains("--page")) {
            all.addAll(List.of("--page", folder.resolve("page.html").toString()));
        }
        refused(part, all.toArray(String[]::new));
        assertEquals(List.of(), listing());
    }

    @Test
    void anExperimentHasToBeNamed() {
        refused("which experiment? Expected optimal-limit");
        err.getBuffer().setLength(0);
        refused("nonsense", "nonsense");
    }

    private void refused(String part, String... arguments) {
        assertEquals(ExitCodes.BAD_INPUT, run(arguments), err::toString);
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().startsWith("stillpoint: "), err::toString);
        assertTrue(err.toString().contains(part), err::toString);
        assertEquals("", out.toString());
    }

    @Test
    void helpHasAnExample() {
        assertEquals(ExitCodes.OK, run("optimal-limit", "--help"));
        assertTrue(out.toString().contains("Example:"), out::toString);
    }
}
