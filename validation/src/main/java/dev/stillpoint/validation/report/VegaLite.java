package dev.stillpoint.validation.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/// Writes plots as Vega-Lite specifications. Colours and fonts are left to the page, which knows its reader's.
final class VegaLite {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int HEIGHT = 260;
    private static final int CELL = 30;
    private static final int TICKS = 8;

    private final JsonGenerator json;

    private VegaLite(JsonGenerator json) {
        this.json = json;
    }

    /// The specification as JSON that may stand in an HTML script element: it holds no `<`.
    static String specification(Plot plot) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            new VegaLite(json).write(plot);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        // In JSON the character occurs in strings only, where it may be written as an escape.
        return text.toString().replace("<", "\\u003c");
    }

    private void write(Plot plot) throws IOException {
        json.writeStartObject();
        switch (plot) {
            case Plot.Bars bars -> write(bars);
            case Plot.Xy xy -> write(xy);
            case Plot.HeatMap map -> write(map);
        }
        json.writeEndObject();
    }

    private void write(Plot.Bars plot) throws IOException {
        Range x = new Range(plot.x());
        plot.bars().forEach(bar -> x.add(bar.from()).add(bar.to()));
        plot.marks().forEach(mark -> x.add(mark.value()));
        Range y = new Range(plot.y());
        size();
        json.writeArrayFieldStart("layer");
        json.writeStartObject();
        startValues();
        for (Plot.Bar bar : plot.bars()) {
            if (plot.x().canShow(bar.from())
                    && plot.x().canShow(bar.to())
                    && plot.y().canShow(bar.value())) {
                json.writeStartObject();
                json.writeNumberField("from", bar.from());
                json.writeNumberField("to", bar.to());
                json.writeNumberField("value", bar.value());
                json.writeEndObject();
            }
        }
        endValues();
        mark("bar");
        json.writeEndObject();
        json.writeObjectFieldStart("encoding");
        position("x", "from", x, false);
        json.writeObjectFieldStart("x2");
        json.writeStringField("field", "to");
        json.writeEndObject();
        position("y", "value", y, true);
        json.writeObjectFieldStart("y2");
        json.writeNumberField("datum", 0);
        json.writeEndObject();
        json.writeArrayFieldStart("tooltip");
        tooltip("from", "From");
        tooltip("to", "To");
        tooltip("value", plot.y().label());
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
        write(plot.marks(), x);
        json.writeEndArray();
    }

    private void write(Plot.Xy plot) throws IOException {
        Range x = new Range(plot.x());
        plot.marks().forEach(mark -> x.add(mark.value()));
        Range y = new Range(plot.y());
        plot.series()
                .forEach(series -> series.points().forEach(point -> {
                    x.add(point.x());
                    y.add(point.y());
                }));
        size();
        json.writeArrayFieldStart("layer");
        for (Series series : plot.series()) {
            json.writeStartObject();
            startValues();
            for (Series.Point point : series.points()) {
                json.writeStartObject();
                coordinate("x", plot.x(), point.x());
                coordinate("y", plot.y(), point.y());
                json.writeEndObject();
            }
            endValues();
            switch (series.style()) {
                case LINE -> mark("line");
                case DASHED_LINE -> {
                    mark("line");
                    json.writeArrayFieldStart("strokeDash");
                    json.writeNumber(6);
                    json.writeNumber(4);
                    json.writeEndArray();
                }
                case POINTS -> mark("point");
            }
            json.writeEndObject();
            json.writeObjectFieldStart("encoding");
            position("x", "x", x, false);
            position("y", "y", y, false);
            // A line visits its points in the order given, not in that of x.
            json.writeObjectFieldStart("order");
            json.writeNullField("value");
            json.writeEndObject();
            colour(series, plot.series());
            json.writeArrayFieldStart("tooltip");
            tooltip("x", plot.x().label());
            tooltip("y", plot.y().label());
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        }
        write(plot.marks(), x);
        json.writeEndArray();
    }

    private void write(Plot.HeatMap plot) throws IOException {
        double largest = plot.cells().stream()
                .flatMap(List::stream)
                .filter(Double::isFinite)
                .mapToDouble(Math::abs)
                .max()
                .orElse(0);
        json.writeStringField("width", "container");
        json.writeNumberField("height", CELL * plot.rows().size());
        startValues();
        for (int i = 0; i < plot.rows().size(); i++) {
            for (int j = 0; j < plot.columns().size(); j++) {
                double value = plot.cells().get(i).get(j);
                if (Double.isFinite(value)) {
                    json.writeStartObject();
                    json.writeStringField("x", plot.columns().get(j));
                    json.writeStringField("y", plot.rows().get(i));
                    json.writeNumberField("value", value);
                    json.writeEndObject();
                }
            }
        }
        endValues();
        json.writeObjectFieldStart("encoding");
        category("x", plot.x(), plot.columns());
        category("y", plot.y(), plot.rows());
        json.writeArrayFieldStart("tooltip");
        nominalTooltip("y", plot.y());
        nominalTooltip("x", plot.x());
        tooltip("value", plot.value());
        json.writeEndArray();
        json.writeEndObject();
        json.writeArrayFieldStart("layer");
        json.writeStartObject();
        mark("rect");
        json.writeEndObject();
        json.writeObjectFieldStart("encoding");
        json.writeObjectFieldStart("color");
        json.writeStringField("field", "value");
        json.writeStringField("type", "quantitative");
        json.writeStringField("title", plot.value());
        // A square root, so that a few beside many are seen.
        json.writeObjectFieldStart("scale");
        json.writeStringField("type", "sqrt");
        json.writeEndObject();
        json.writeNullField("legend");
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
        cellText("cell-text", "datum.value != 0 && abs(datum.value) <= " + largest / 4);
        cellText("strong-cell-text", "abs(datum.value) > " + largest / 4);
        json.writeEndArray();
    }

    private void cellText(String style, String filter) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("transform");
        json.writeStartObject();
        json.writeStringField("filter", filter);
        json.writeEndObject();
        json.writeEndArray();
        mark("text");
        json.writeStringField("style", style);
        json.writeEndObject();
        json.writeObjectFieldStart("encoding");
        json.writeObjectFieldStart("text");
        json.writeStringField("field", "value");
        json.writeStringField("type", "quantitative");
        json.writeStringField("format", ".4~g");
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    /// Vertical lines, each with its name above the plot, on the side where the plot has room.
    private void write(List<Plot.Mark> marks, Range range) throws IOException {
        for (Plot.Mark each : marks) {
            if (!range.axis().canShow(each.value())) {
                continue;
            }
            boolean right = each.value() > range.middle();
            for (String type : List.of("rule", "text")) {
                json.writeStartObject();
                startValues();
                json.writeStartObject();
                json.writeNumberField("at", each.value());
                json.writeStringField("name", each.name());
                json.writeEndObject();
                endValues();
                mark(type);
                json.writeStringField("style", "mark-" + type);
                if (type.equals("text")) {
                    json.writeStringField("align", right ? "right" : "left");
                    json.writeNumberField("dx", right ? -6 : 6);
                }
                json.writeEndObject();
                json.writeObjectFieldStart("encoding");
                position("x", "at", range, false);
                if (type.equals("text")) {
                    json.writeObjectFieldStart("y");
                    json.writeNumberField("value", -6);
                    json.writeEndObject();
                    json.writeObjectFieldStart("text");
                    json.writeStringField("field", "name");
                    json.writeEndObject();
                }
                json.writeEndObject();
                json.writeEndObject();
            }
        }
    }

    private void size() throws IOException {
        json.writeStringField("width", "container");
        json.writeNumberField("height", HEIGHT);
    }

    private void startValues() throws IOException {
        json.writeObjectFieldStart("data");
        json.writeArrayFieldStart("values");
    }

    private void endValues() throws IOException {
        json.writeEndArray();
        json.writeEndObject();
    }

    /// Begins the mark's object, which the caller may add to, and ends.
    private void mark(String type) throws IOException {
        json.writeObjectFieldStart("mark");
        json.writeStringField("type", type);
    }

    private void position(String channel, String field, Range range, boolean fromZero) throws IOException {
        Axis axis = range.axis();
        json.writeObjectFieldStart(channel);
        json.writeStringField("field", field);
        json.writeStringField("type", "quantitative");
        json.writeStringField("title", axis.label());
        boolean logarithmic = axis.scale() == Axis.Scale.LOGARITHMIC;
        json.writeObjectFieldStart("scale");
        if (logarithmic) {
            json.writeStringField("type", "log");
        } else {
            json.writeBooleanField("zero", fromZero);
        }
        json.writeEndObject();
        json.writeObjectFieldStart("axis");
        if (logarithmic) {
            json.writeStringField("format", "~e");
            json.writeArrayFieldStart("values");
            for (double tick : range.ticks()) {
                json.writeNumber(tick);
            }
            json.writeEndArray();
        } else {
            json.writeNumberField("tickCount", TICKS);
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void category(String channel, String title, List<String> names) throws IOException {
        json.writeObjectFieldStart(channel);
        json.writeStringField("field", channel);
        json.writeStringField("type", "nominal");
        json.writeStringField("title", title);
        json.writeArrayFieldStart("sort");
        for (String name : names) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void colour(Series series, List<Series> all) throws IOException {
        json.writeObjectFieldStart("color");
        json.writeStringField("datum", series.name());
        json.writeStringField("type", "nominal");
        json.writeObjectFieldStart("scale");
        json.writeArrayFieldStart("domain");
        for (Series each : all) {
            json.writeString(each.name());
        }
        json.writeEndArray();
        json.writeEndObject();
        if (all.size() > 1) {
            json.writeNullField("title");
        } else {
            json.writeNullField("legend");
        }
        json.writeEndObject();
    }

    private void coordinate(String field, Axis axis, double value) throws IOException {
        if (axis.canShow(value)) {
            json.writeNumberField(field, value);
        } else {
            json.writeNullField(field);
        }
    }

    private void tooltip(String field, String title) throws IOException {
        json.writeStartObject();
        json.writeStringField("field", field);
        json.writeStringField("type", "quantitative");
        json.writeStringField("title", title);
        json.writeStringField("format", ".4~g");
        json.writeEndObject();
    }

    private void nominalTooltip(String field, String title) throws IOException {
        json.writeStartObject();
        json.writeStringField("field", field);
        json.writeStringField("type", "nominal");
        json.writeStringField("title", title);
        json.writeEndObject();
    }
}
