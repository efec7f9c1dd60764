package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A profile as a table for people. */
final class ProfileTable {

    private static final int MOST_SHOWN = 3;
    private static final int WIDEST = 40;
    private static final List<String> HEADER = List.of(
            "feature",
            "type",
            "missing",
            "not read",
            "different",
            "min",
            "median",
            "mean",
            "max",
            "std dev",
            "frequent");
    private static final int LEFT = 2; // columns that are aligned to the left, and the last one

    private ProfileTable() {}

    static String of(Profile profile) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEADER);
        for (FeatureProfile feature : profile.features()) {
            lines.add(line(feature.name(), feature));
            for (FeatureProfile part : feature.parts()) {
                if (part.count() > 0) {
                    lines.add(line("  " + part.name(), part));
                }
            }
        }
        int[] widths = new int[HEADER.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(
                "profile of " + profile.rows() + " rows, " + profile.features().size() + " features");
        for (List<String> line : lines) {
            StringBuilder padded = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                boolean left = i < LEFT || i == widths.length - 1;
                String gap = " ".repeat(widths[i] - line.get(i).length());
                padded.append(i == 0 ? "" : "  ").append(left ? line.get(i) + gap : gap + line.get(i));
            }
            text.append('\n').append(padded.toString().stripTrailing());
        }
        return text.toString();
    }

    private static List<String> line(String name, FeatureProfile feature) {
        FeatureType type = feature.type();
        long notRead = feature.rows() - feature.count() - feature.missing();
        boolean isWord = feature.facts() instanceof WordFacts;
        boolean isKnown = isWord || feature.facts() instanceof NumberFacts;
        return List.of(
                shortened(name),
                type.name().toLowerCase(Locale.ROOT) + (feature.feature().isSensitive() ? ", sensitive" : ""),
                feature.missing() == 0 ? "" : Words.share(feature.missingShare()),
                notRead == 0 ? "" : Words.share((double) notRead / feature.rows()),
                isKnown ? (feature.isDistinctExact() ? "" : "~") + feature.distinct() : "",
                number(feature.min(), type),
                number(feature.quantile(0.5), type),
                number(feature.mean(), type == FeatureType.BOOLEAN ? FeatureType.NUMBER : type),
                number(feature.max(), type),
                type == FeatureType.TIMESTAMP ? "" : number(feature.standardDeviation(), FeatureType.NUMBER),
                isWord || type == FeatureType.BOOLEAN ? frequent(feature) : "");
    }

    private static String number(double value, FeatureType type) {
        return Double.isNaN(value) ? "" : Words.number(value, type);
    }

    private static String frequent(FeatureProfile feature) {
        return feature.frequent().stream()
                .limit(MOST_SHOWN)
                .filter(value -> value.count() > 1)
                .map(value -> shortened(value.value()) + " " + Words.share((double) value.count() / feature.count()))
                .collect(Collectors.joining(", "));
    }

    /** On one line, and not too long. */
    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= WIDEST ? line : line.substring(0, WIDEST - 1) + "…";
    }
}
