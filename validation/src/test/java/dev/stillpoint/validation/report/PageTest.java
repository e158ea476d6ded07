package dev.stillpoint.validation.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pages are whole, self-contained, and show text as it is.
final class PageTest {
    private static final String HOSTILE = "</script><img src=x onerror=alert(1)>&amp;\"'<!--";
    private static final Environment ENVIRONMENT = new Environment(List.of(new Environment.Entry(HOSTILE, HOSTILE)));
    private static final Pattern SCRIPT =
            Pattern.compile("<script type=\"([^\"]*)\">\n(.*?)\n</script>", Pattern.DOTALL);

    private static final Plot LINES = new Plot.Xy(
            Axis.linear(HOSTILE, "s"),
            Axis.logarithmic("Residual", HOSTILE),
            List.of(
                    Series.line(HOSTILE, List.of(new Series.Point(1, 0.5), new Series.Point(2, 0))),
                    Series.dashedLine("dashed", List.of(new Series.Point(Double.NaN, 1e-300))),
                    Series.points("points", List.of(new Series.Point(Double.POSITIVE_INFINITY, 2)))),
            List.of(new Plot.Mark(HOSTILE, 1.5), new Plot.Mark("nowhere", Double.NaN)));

    private static final Plot BARS = new Plot.Bars(
            Axis.logarithmic("Difference", ""),
            Axis.linear("Samples", ""),
            List.of(new Plot.Bar(1e-9, 1e-8, 3), new Plot.Bar(0, 1e-9, 7)),
            List.of());

    private static final Plot MAP = new Plot.HeatMap(
            HOSTILE, "Row", List.of("a", HOSTILE), List.of("1"), "Samples", List.of(List.of(2.0, Double.NaN)));

    private static Page page() {
        return new Page(
                HOSTILE,
                HOSTILE,
                ENVIRONMENT,
                List.of(
                        new Block.Heading(HOSTILE),
                        new Block.Paragraph(HOSTILE),
                        new Block.Preformatted(HOSTILE),
                        new Block.KeyFigures(List.of(new Block.KeyFigure(HOSTILE, HOSTILE, HOSTILE))),
                        new Block.Table(
                                HOSTILE,
                                List.of(Block.Column.text(HOSTILE), Block.Column.number(HOSTILE)),
                                List.of(List.of(HOSTILE, HOSTILE))),
                        new Block.FigureRow(List.of(new Block.Figure(HOSTILE, LINES), new Block.Figure(HOSTILE, BARS))),
                        new Block.Figure(HOSTILE, MAP),
                        new Block.ImageGrid(
                                HOSTILE, List.of(new Block.Image(2, 1, new byte[] {0, -1}, HOSTILE, true)))));
    }

    private static List<String> scripts(String html, String type) {
        List<String> found = new ArrayList<>();
        Matcher matcher = SCRIPT.matcher(html);
        while (matcher.find()) {
            if (matcher.group(1).equals(type)) {
                found.add(matcher.group(2));
            }
        }
        return found;
    }

    @Test
    void textIsNeverMarkup() {
        String html = page().toHtml();
        String outsideScripts = SCRIPT.matcher(html).replaceAll("");
        assertFalse(outsideScripts.contains("<img src=x"), "text became an element");
        assertFalse(outsideScripts.contains("<script"), "a script ended early");
        assertFalse(outsideScripts.contains("<!--"), "text became a comment");
        String shown = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;&quot;&#39;&lt;!--";
        // Title twice, lead, heading, paragraph, preformatted, 3 of a key figure, 5 of a table, 3 figures with a label
        // and a caption each, caption and label of the grid, name and value of the environment.
        assertEquals(3 + 3 + 3 + 5 + 6 + 2 + 2, outsideScripts.split(Pattern.quote(shown), -1).length - 1);
    }

    @Test
    void nothingIsLoadedFromElsewhere() {
        String html = SCRIPT.matcher(page().toHtml()).replaceAll("");
        assertTrue(html.contains("default-src 'none'"));
        assertFalse(html.contains("<link"));
        assertFalse(html.contains("http:"));
        assertFalse(html.contains("https:"));
        Matcher sources = Pattern.compile("src=\"([^\"]{0,22})").matcher(html);
        int count = 0;
        while (sources.find()) {
            assertEquals("data:image/png;base64,", sources.group(1));
            count++;
        }
        assertEquals(1, count);
    }

    @Test
    void everyPlotHasASpecificationThatIsJson() throws IOException {
        List<String> specifications = scripts(page().toHtml(), "application/json");
        assertEquals(3, specifications.size());
        for (String specification : specifications) {
            assertFalse(specification.contains("<"));
            List<String> texts = new ArrayList<>();
            try (JsonParser parser = new JsonFactory()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .createParser(specification)) {
                while (parser.nextToken() != null) {
                    if (parser.currentToken() == JsonToken.VALUE_STRING) {
                        texts.add(parser.getText());
                    }
                }
            }
            boolean bars = texts.contains("bar");
            assertEquals(!bars, texts.contains(HOSTILE), "text is changed on its way into the specification");
        }
    }

    @Test
    void whatAnAxisCannotShowIsAGap() {
        String lines = VegaLite.specification(LINES);
        assertTrue(lines.contains("{\"x\":2.0,\"y\":null}"), lines);
        assertTrue(lines.contains("{\"x\":null,\"y\":1.0E-300}"), lines);
        assertTrue(lines.contains("{\"x\":null,\"y\":2.0}"), lines);
        assertFalse(lines.contains("nowhere"), lines);
        String bars = VegaLite.specification(BARS);
        assertTrue(bars.contains("\"values\":[{\"from\":1.0E-9,\"to\":1.0E-8,\"value\":3.0}]"), bars);
        assertFalse(VegaLite.specification(MAP).contains("NaN"));
    }

    @Test
    void aPageWithoutPlotsCarriesNoScripts() {
        String html = new Page("Title", "Lead", ENVIRONMENT, List.of(new Block.Paragraph("Text"))).toHtml();
        assertFalse(html.contains("<script"));
    }

    @Test
    void theScriptsThatDrawAreInside() {
        List<String> scripts = scripts(page().toHtml(), "text/javascript");
        assertEquals(3, scripts.size());
        assertTrue(scripts.get(0).contains("vega={}"));
        assertTrue(scripts.get(1).contains("vegaLite={}"));
        assertEquals(1, scripts(page().toHtml(), "text/plain").size(), "their licences");
    }

    @Test
    void aFileIsReplacedAsAWhole(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("page.html");
        Files.writeString(file, "before");
        Page page = page();
        page.write(file);
        assertEquals(page.toHtml(), Files.readString(file, StandardCharsets.UTF_8));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
        Path missing = folder.resolve("missing").resolve("page.html");
        assertThrows(NoSuchFileException.class, () -> page.write(missing));
    }

    @Test
    void contentThatDoesNotFitIsRefused() {
        List<Block.Column> columns = List.of(Block.Column.text("one"));
        List<List<String>> rows = List.of(List.of("a", "b"));
        assertThrows(IllegalArgumentException.class, () -> new Block.Table("", columns, rows));
        assertThrows(IllegalArgumentException.class, () -> new Block.Image(2, 2, new byte[3], "", false));
        Axis linear = Axis.linear("x", "");
        Axis logarithmic = Axis.logarithmic("y", "");
        List<Series> twice = List.of(Series.line("a", List.of()), Series.line("a", List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Plot.Xy(linear, linear, twice, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Plot.Bars(linear, logarithmic, List.of(), List.of()));
        List<List<Double>> cells = List.of(List.of(1.0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Plot.HeatMap("x", "y", List.of("a", "b"), List.of("1"), "v", cells));
    }

    @Test
    void theEnvironmentIsStamped(@TempDir Path folder) throws IOException {
        Environment environment = Environment.current().with("Device", "none");
        List<String> names =
                environment.entries().stream().map(Environment.Entry::name).toList();
        assertEquals(List.of("Machine", "Operating system", "Java", "Stillpoint", "Made", "Device"), names);
        environment.entries().forEach(entry -> assertFalse(entry.value().isBlank(), entry.name()));
        String version = environment.entries().get(3).value();
        assertFalse(version.contains("$"), version);

        Path cpuInfo = folder.resolve("cpuinfo");
        Files.writeString(cpuInfo, "processor\t: 0\nmodel name\t: Some Processor 9\nmodel name\t: Other\n");
        String architecture = System.getProperty("os.arch");
        assertEquals("Some Processor 9 (" + architecture + ")", Environment.processor(cpuInfo));
        assertEquals(architecture, Environment.processor(folder.resolve("none")));
    }
}
