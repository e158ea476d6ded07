package dev.stillpoint.validation.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/// Writes one page as HTML.
///
/// The content security policy lets the page load nothing but what lies inside; Vega compiles its expressions, hence
/// `unsafe-eval`. Scripts come after the content, so that a reader sees text before plots.
final class PageWriter {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:">
            """;

    private final StringBuilder html = new StringBuilder();
    private int plots;

    String write(Page page) {
        html.append(HEAD);
        element("title", page.title());
        html.append("<style>\n").append(resource("report.css")).append("</style>\n</head>\n<body>\n<main>\n");
        html.append("<header>\n");
        element("h1", page.title());
        html.append("<p class=\"lead\">").append(escape(page.lead())).append("</p>\n</header>\n");
        page.blocks().forEach(this::write);
        write(page.environment());
        html.append("</main>\n");
        if (plots > 0) {
            script("text/plain", resource("vega/LICENSES.txt"));
            script("text/javascript", resource("vega/vega-6.4.0.min.js"));
            script("text/javascript", resource("vega/vega-lite-6.5.0.min.js"));
            script("text/javascript", resource("report.js"));
        }
        return html.append("</body>\n</html>\n").toString();
    }

    private void write(Block block) {
        switch (block) {
            case Block.Heading heading -> element("h2", heading.text());
            case Block.Paragraph paragraph -> element("p", paragraph.text());
            case Block.Preformatted preformatted -> element("pre", preformatted.text());
            case Block.KeyFigures keyFigures -> write(keyFigures);
            case Block.Table table -> write(table);
            case Block.Figure figure -> write(figure);
            case Block.FigureRow row -> {
                html.append("<div class=\"figures\">\n");
                row.figures().forEach(this::write);
                html.append("</div>\n");
            }
            case Block.ImageGrid grid -> write(grid);
        }
    }

    private void write(Block.KeyFigures keyFigures) {
        html.append("<dl class=\"key-figures\">\n");
        for (Block.KeyFigure figure : keyFigures.figures()) {
            html.append("<div>");
            element("dt", figure.label());
            html.append("<dd class=\"value\">").append(escape(figure.value())).append("</dd>");
            html.append("<dd>").append(escape(figure.note())).append("</dd></div>\n");
        }
        html.append("</dl>\n");
    }

    private void write(Block.Table table) {
        html.append("<div class=\"table\"><table>\n");
        element("caption", table.caption());
        html.append("<thead><tr>");
        for (Block.Column column : table.columns()) {
            cell("th scope=\"col\"", "th", column, column.title());
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : table.rows()) {
            html.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                cell("td", "td", table.columns().get(i), row.get(i));
            }
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table></div>\n");
    }

    private void cell(String open, String close, Block.Column column, String text) {
        html.append('<').append(open).append(column.numeric() ? " class=\"number\">" : ">");
        html.append(escape(text)).append("</").append(close).append('>');
    }

    private void write(Block.Figure figure) {
        plots++;
        html.append("<figure>\n<div class=\"plot\" role=\"img\" aria-label=\"")
                .append(escape(figure.caption()))
                .append("\"><noscript>This plot is drawn by a script, and scripts are off.</noscript></div>\n");
        script("application/json", VegaLite.specification(figure.plot()));
        element("figcaption", figure.caption());
        html.append("</figure>\n");
    }

    private void write(Block.ImageGrid grid) {
        html.append("<figure>\n<div class=\"images\">\n");
        for (Block.Image image : grid.images()) {
            html.append(image.isFlagged() ? "<div class=\"flagged\">" : "<div>")
                    .append("<img alt=\"\" width=\"")
                    .append(image.width())
                    .append("\" height=\"")
                    .append(image.height())
                    .append("\" src=\"data:image/png;base64,")
                    .append(Base64.getEncoder()
                            .encodeToString(GreyPng.encode(image.width(), image.height(), image.pixels())))
                    .append("\"><span>")
                    .append(escape(image.label()))
                    .append("</span></div>\n");
        }
        html.append("</div>\n");
        element("figcaption", grid.caption());
        html.append("</figure>\n");
    }

    private void write(Environment environment) {
        html.append("<footer>\n<dl>\n");
        for (Environment.Entry entry : environment.entries()) {
            html.append("<div>");
            element("dt", entry.name());
            element("dd", entry.value());
            html.append("</div>\n");
        }
        html.append("</dl>\n</footer>\n");
    }

    private void element(String name, String text) {
        html.append('<').append(name).append('>').append(escape(text));
        html.append("</").append(name).append(">\n");
    }

    /// A script's text is not escaped, so it must not hold what would end it.
    private void script(String type, String text) {
        if (text.contains("</script") || text.contains("<!--")) {
            throw new IllegalStateException("a script of type " + type + " would end its own element");
        }
        html.append("<script type=\"").append(type).append("\">\n").append(text).append("\n</script>\n");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static String resource(String name) {
        try (InputStream resource = PageWriter.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(resource, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the resource " + name + " cannot be read", unreadable);
        }
    }
}
