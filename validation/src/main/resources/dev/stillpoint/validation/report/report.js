// Draws every plot of the page: a plot's specification is the script element that follows it. The colours are those
// of the style sheet, so plots are drawn again when the reader changes between light and dark.
(() => {
  "use strict";

  const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const font = getComputedStyle(document.body).fontFamily;

  const config = () => ({
    background: null,
    font,
    view: { stroke: null },
    axis: {
      domainColor: colour("line"),
      gridColor: colour("line"),
      gridOpacity: 0.6,
      tickColor: colour("line"),
      labelColor: colour("muted"),
      titleColor: colour("ink"),
      labelFontSize: 12,
      titleFontSize: 13,
      titleFontWeight: "normal",
      titlePadding: 10,
    },
    axisX: { grid: false },
    axisDiscrete: { domain: false, ticks: false, labelPadding: 6 },
    axisXDiscrete: { labelAngle: 0 },
    legend: {
      orient: "top",
      labelColor: colour("ink"),
      labelFontSize: 12,
      symbolStrokeWidth: 2,
      labelLimit: 400,
    },
    bar: { color: colour("accent"), stroke: colour("raised"), strokeWidth: 1 },
    line: { strokeWidth: 2 },
    point: { size: 24, filled: true, opacity: 0.55 },
    rule: { strokeWidth: 1.5 },
    text: { fontSize: 12 },
    style: {
      "mark-rule": { color: colour("second"), strokeDash: [5, 4] },
      "mark-text": { color: colour("second"), baseline: "bottom" },
      "cell-text": { color: colour("ink") },
      "strong-cell-text": { color: colour("on-heat") },
    },
    range: {
      category: ["accent", "second", "third", "fourth", "flag", "muted"].map(colour),
      heatmap: [colour("heat-low"), colour("heat-high")],
    },
    scale: { bandPaddingInner: 0.04, rectBandPaddingInner: 0.04 },
  });

  const views = [];

  const draw = () => {
    views.splice(0).forEach(view => view.finalize());
    for (const holder of document.querySelectorAll(".plot")) {
      try {
        const specification = JSON.parse(holder.nextElementSibling.textContent);
        const compiled = vegaLite.compile(specification, { config: config() }).spec;
        holder.replaceChildren();
        const view = new vega.View(vega.parse(compiled), { renderer: "svg", container: holder, hover: true });
        views.push(view);
        view.runAsync().catch(error => fail(holder, error));
      } catch (error) {
        fail(holder, error);
      }
    }
  };

  const fail = (holder, error) => {
    holder.textContent = "This plot could not be drawn: " + error.message;
  };

  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
