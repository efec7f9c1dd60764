package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Whether a number has the values of another column. */
final class ExchangeRules {

    private static final int MIN_RING = 3;

    private final Case found;
    private final Repairs repairs;

    ExchangeRules(Case found, Repairs repairs) {
        this.found = found;
        this.repairs = repairs;
    }

    /** Another column whose values these are, or several columns in a ring; null if none. */
    @Nullable
    Cause cause(int column, double[] values, double before) {
        int partner = -1;
        double least = Repairs.CLEAR;
        for (int other = 0; other < found.features; other++) {
            if (other != column && found.layout.encoder.isNumber(other)) {
                double left = repairs.leftAfterSwap(column, other);
                if (left < least) {
                    least = left;
                    partner = other;
                }
            }
        }
        if (partner < 0) {
            return reordered();
        }
        double[] live = Quantiles.of(values);
        double[] known = found.norm.quantiles(column);
        double factor = Conversions.knownFactor(live, known, Quantiles.fittedFactor(live, known));
        String name = found.name(column);
        String other = found.name(partner);
        // Another column's values may repair a changed unit, too.
        return repairs.left(column, value -> value / factor, before) < least
                ? null
                : Cause.of(Incident.Kind.COLUMN_SWAP, new Finding.Exchange(Map.of(name, other, other, name)));
    }

    private @Nullable Cause reordered() {
        List<Integer> moved = new ArrayList<>();
        for (int column = 0; column < found.features; column++) {
            if (found.layout.encoder.isNumber(column)
                    && Math.max(found.evidence(Channel.CELLS, column), found.evidence(Channel.TAIL, column)) > 0) {
                moved.add(column);
            }
        }
        Map<Integer, Integer> sources = moved.size() < MIN_RING ? Map.of() : sources(moved);
        if (sources.isEmpty() || repairs.leftInOrder(sources) >= Repairs.CLEAR) {
            return null;
        }
        Map<String, String> names = new HashMap<>();
        sources.forEach((column, from) -> names.put(found.name(column), found.name(from)));
        return Cause.of(Incident.Kind.COLUMN_ORDER, new Finding.Exchange(names));
    }

    /** For each of some columns the one whose values it has, if all have one and none its own; else none. */
    private Map<Integer, Integer> sources(List<Integer> columns) {
        record Fit(int column, int from, double misfit) {}
        List<Fit> fits = new ArrayList<>();
        for (int column : columns) {
            double[] live = Quantiles.of(found.values(column));
            for (int from : columns) {
                double[] known = found.norm.quantiles(from);
                double spread = Math.max(known[95] - known[5], Double.MIN_NORMAL);
                fits.add(new Fit(column, from, Quantiles.misfit(live, known, 1, 0) / spread));
            }
        }
        fits.sort(Comparator.comparingDouble(Fit::misfit));
        Map<Integer, Integer> sources = new TreeMap<>();
        for (Fit fit : fits) {
            if (!sources.containsKey(fit.column) && !sources.containsValue(fit.from)) {
                sources.put(fit.column, fit.from);
            }
        }
        boolean moves =
                sources.entrySet().stream().noneMatch(entry -> entry.getKey().equals(entry.getValue()));
        return moves ? sources : Map.of();
    }
}
