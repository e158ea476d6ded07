package dev.stillpoint.bench.report;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Measurements as text: the stamp in lines that begin with `#`, then a table with a heading.
public final class TableReport {
    private static final String ROW = "%-10s %6s %6s %-9s %7s %9s %15s%n";

    private TableReport() {}

    /// The report.
    public static String format(Machine machine, List<Measurement> measurements) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "# machine  %s, %d processors, %s%n# jvm      %s%n# flags    %s%n# commit   %s%n# date     %s%n",
                machine.processor(),
                machine.processors(),
                machine.system(),
                machine.jvm(),
                String.join(" ", machine.flags()),
                machine.commit(),
                machine.date()));
        for (Measurement each : first(measurements)) {
            text.append(String.format(
                    Locale.ROOT, "# %-8s %s, such as %s%n", each.benchmark(), each.engine(), each.configuration()));
        }
        text.append(String.format(
                Locale.ROOT, ROW, "benchmark", "n", "m", "precision", "threads", "gflops", "percent_of_peak"));
        for (Measurement each : measurements) {
            text.append(String.format(
                    Locale.ROOT,
                    ROW,
                    each.benchmark(),
                    orDash(each.n()),
                    orDash(each.m()),
                    each.precision().label(),
                    each.threads(),
                    String.format(Locale.ROOT, "%.2f", each.gflops()),
                    String.format(Locale.ROOT, "%.1f", each.percentOfPeak())));
        }
        return text.toString();
    }

    /// The first measurement of each benchmark and engine: one configuration tells the others.
    private static Collection<Measurement> first(List<Measurement> measurements) {
        Map<String, Measurement> first = new LinkedHashMap<>();
        measurements.forEach(each -> first.putIfAbsent(each.benchmark() + ' ' + each.engine(), each));
        return first.values();
    }

    private static Object orDash(@Nullable Integer value) {
        return value == null ? "-" : value;
    }
}
