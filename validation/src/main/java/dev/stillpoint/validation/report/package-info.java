/// Reports as web pages that need nothing but themselves.
///
/// A [Page][dev.stillpoint.validation.report.Page] is a title, a lead, an
/// [Environment][dev.stillpoint.validation.report.Environment] that says on what it was made, and a list of
/// [blocks][dev.stillpoint.validation.report.Block]: headings, paragraphs, key figures, tables, plots, grids of small
/// images. [Page#write(java.nio.file.Path)][dev.stillpoint.validation.report.Page#write(java.nio.file.Path)] makes one
/// HTML file of it, which opens from a disk without a network: style, scripts and images lie inside, and the page
/// forbids itself to load anything else.
///
///     Page page = new Page("Squares", "What squares look like.", Environment.current(), List.of(
///             new Block.Paragraph("The square grows faster than its argument."),
///             new Block.Figure("Squares", new Plot.Xy(
///                     Axis.linear("Side", "m"), Axis.linear("Area", "m²"),
///                     List.of(Series.line("square", points)), List.of()))));
///     page.write(Path.of("squares.html"));
///
/// Plots are values: they say what is drawn, and Vega-Lite, whose scripts are part of every page that has a plot, draws
/// it in the reader's browser, in the light or the dark colours the reader prefers. A page with plots takes about
/// 800 kB. All text is escaped; numbers that are infinite or not a number are not drawn.
///
/// Everything here is immutable, and may be used from any thread.
package dev.stillpoint.validation.report;
