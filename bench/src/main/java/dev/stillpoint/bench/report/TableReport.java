package dev.stillpoint.bench.report;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measurements as text: the stamp in lines that begin with `#`, then a table with a heading.
public final class TableReport {
    private static final String ROW = "%-10s %5s %5s %-9s %7s %-10s %8s %15s %7s %11s %9s %7s %15s %6s %10s %6s %11s%n";

    private TableReport() {}

    /// The report.
    public static String format(Machine machine, List<Measurement> measurements) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "# machine   %s, %d processors, %s%n# jvm       %s%n# flags     %s%n# commit    %s%n# date      %s%n",
                machine.processor(),
                machine.processors(),
                machine.system(),
                machine.jvm(),
                String.join(" ", machine.flags()),
                machine.commit(),
                machine.date()));
        for (Measurement each : first(measurements)) {
            text.append(String.format(
                    Locale.ROOT, "# %-9s %s, such as %s%n", each.benchmark(), each.engine(), each.configuration()));
        }
        text.append(String.format(
                Locale.ROOT,
                ROW,
                "benchmark",
                "n",
                "m",
                "precision",
                "threads",
                "activation",
                "gflops",
                "percent_of_peak",
                "fastest",
                "undisturbed",
                "ms",
                "gbytes",
                "percent_of_read",
                "ratio",
                "iterations",
                "extra",
                "certificate"));
        for (Measurement each : measurements) {
            text.append(String.format(
                    Locale.ROOT,
                    ROW,
                    each.benchmark(),
                    orDash(each.n()),
                    orDash(each.m()),
                    each.precision().label(),
                    each.threads(),
                    orDash(each.activation()),
                    orDash(2, each.gflops()),
                    orDash(1, each.percentOfPeak()),
                    orDash(1, each.bestPercentOfPeak()),
                    orDash(0, each.undisturbed()),
                    orDash(3, milliseconds(each)),
                    orDash(2, each.gigabytes()),
                    orDash(1, each.percentOfRead()),
                    orDash(3, each.ratio()),
                    orDash(1, each.iterations()),
                    orDash(2, each.extraIterations()),
                    orDash(3, each.certificate())));
        }
        return text.toString();
    }

    /// The first measurement of each benchmark and engine: one configuration tells the others.
    private static Collection<Measurement> first(List<Measurement> measurements) {
        Map<String, Measurement> first = new LinkedHashMap<>();
        measurements.forEach(each -> first.putIfAbsent(each.benchmark() + ' ' + each.engine(), each));
        return first.values();
    }

    private static @Nullable Double milliseconds(Measurement each) {
        return each.seconds() == null ? null : Double.valueOf(1e3 * each.seconds());
    }

    private static Object orDash(@Nullable Object value) {
        return value == null ? "-" : value;
    }

    private static String orDash(int digits, @Nullable Double value) {
        return value == null || !Double.isFinite(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
