package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.jspecify.annotations.Nullable;

/**
 * Says what an alarm looks like. Where counts alone do not tell, the window's sample of rows is repaired in every way that is
 * known: the name is the repair that makes the evidence vanish.
 */
final class Diagnosis {

    private static final int MAX_COLUMNS = 4;
    private static final double MIN_DUPLICATES = 0.05;

    private final Norm norm;
    private final Layout layout;
    private final List<UnitState> states;

    Diagnosis(Norm norm, List<UnitState> states) {
        this.norm = norm;
        layout = norm.layout;
        this.states = states;
    }

    /** The incident that units which have opened come to. */
    Incident of(long id, Window window, double[] tested, boolean[] opened, double threshold) {
        double most = 0;
        int span = 1;
        for (int i = 0; i < opened.length; i++) {
            if (opened[i] && tested[i] > most) {
                most = tested[i];
                span = states.get(i).span();
            }
        }
        Case found = new Case(norm, window, tested, opened);
        List<Integer> columns = found.columns();
        Set<String> names = new LinkedHashSet<>();
        List<Finding> findings = new ArrayList<>();
        Incident.Kind kind;
        if (!window.unexpected().isEmpty() || !window.absent().isEmpty()) {
            kind = window.unexpected().isEmpty() ? Incident.Kind.DROPPED_COLUMN : Incident.Kind.ADDED_COLUMN;
            window.unexpected().forEach((name, rows) -> {
                names.add(name);
                findings.add(new Finding.Field(name, true, rows));
            });
            window.absent().forEach((name, rows) -> {
                names.add(name);
                findings.add(new Finding.Field(name, false, rows));
            });
            most = Tails.CERTAIN;
        } else {
            int first = columns.isEmpty() ? -1 : columns.get(0);
            Cause cause = cause(found, first);
            kind = cause.kind();
            if (kind == Incident.Kind.DUPLICATE_ROWS || first < 0) {
                names.add("*");
            }
            findings.addAll(findings(found, cause, columns));
        }
        columns.forEach(column -> names.add(layout.encoder.name(column)));
        return new Incident(id, kind, names.stream().limit(MAX_COLUMNS).toList(), most, threshold, span, findings);
    }

    // ---- the kind -----------------------------------------------------------------------------------------------

    private Cause cause(Case found, int column) {
        Window window = found.window;
        if (isDuplicated(found)) {
            return Cause.of(Incident.Kind.DUPLICATE_ROWS, new Finding.RepeatedRows(window.duplicates(), window.rows()));
        }
        if (column < 0) {
            return Cause.of(Incident.Kind.SUBPOPULATION);
        }
        if (found.evidence(Channel.INVALID, column) > 0) {
            CellShift rate = found.explanation.rate(layout.invalid[column], found.name(column) + " cannot be read");
            return Cause.of(Incident.Kind.TYPE_CHANGE, rate).where(Double::isInfinite, rate.before());
        }
        if (found.isOfPredictionOnly()) {
            return new PredictionRules(found).cause();
        }
        if (found.evidence(Channel.MISSING, column) > 0) {
            CellShift rate = found.explanation.rate(layout.missing[column], found.name(column) + " is missing");
            return Cause.of(Incident.Kind.MISSING_JUMP, rate).where(Double::isNaN, rate.before());
        }
        if (found.evidence(Channel.UNSEEN_NAME, column) > 0) {
            return new NameRules(found).unseen(column);
        }
        double[] values = found.values(column);
        if (values.length == 0) {
            return Cause.of(Incident.Kind.SUBPOPULATION);
        }
        if (found.isStuck(column, values)) {
            return found.constant(Incident.Kind.STUCK_VALUE, column, Case.mostFrequent(values));
        }
        return layout.encoder.isNumber(column)
                ? new NumberRules(found, new Repairs(found, states), column, values).cause()
                : new NameRules(found).cause(column, values);
    }

    /** Whether many rows are repeated, and not only because a column is stuck. */
    private static boolean isDuplicated(Case found) {
        if (!found.hasOpened(Channel.DUPLICATES) || found.window.duplicates() <= MIN_DUPLICATES * found.window.rows()) {
            return false;
        }
        for (int column = 0; column < found.features; column++) {
            if (found.evidence(Channel.CELLS, column) > 0 && found.isStuck(column, found.values(column))) {
                return false;
            }
        }
        return true;
    }

    // ---- findings -----------------------------------------------------------------------------------------------

    private List<Finding> findings(Case found, Cause cause, List<Integer> columns) {
        List<Finding> findings = new ArrayList<>(cause.findings());
        if (!columns.isEmpty()) {
            int column = columns.get(0);
            boolean sensitive = layout.encoder.isSensitive(column);
            findings.removeIf(finding -> sensitive && hasValues(finding));
            if (!sensitive) {
                findings.addAll(found.explanation.shifts(column));
                add(findings, layout.encoder.isNumber(column) ? found.explanation.median(column) : null);
            }
            add(findings, found.evidence(Channel.CELLS, column) > 0 ? null : brokenRelation(found, column));
            add(findings, segment(found, cause, column));
        }
        if (columns.size() > 1) {
            findings.add(new Finding.Together(
                    columns.stream().skip(1).map(found::name).toList()));
        }
        findings.addAll(new PredictionRules(found).consequences(cause, columns));
        return findings;
    }

    /** Whether a finding shows a value or a name of a feature that it is about. */
    private static boolean hasValues(Finding finding) {
        if (finding instanceof Finding.Conversion conversion) {
            return conversion.offset() != 0;
        }
        return finding instanceof Finding.Constant
                || finding instanceof Finding.NewNames
                || finding instanceof Finding.Spelling
                || finding instanceof Finding.Outside;
    }

    private static void add(List<Finding> findings, @Nullable Finding finding) {
        if (finding != null) {
            findings.add(finding);
        }
    }

    /** What moved most in the surest of the relations that opened; null if there is none, or for sensitive columns. */
    private @Nullable Finding brokenRelation(Case found, int column) {
        int surest = found.surestRelation(column);
        return surest < 0 ? null : found.explanation.relation(layout.units.get(surest));
    }

    /** The rows that carry it; not a column that went with what moved in the baseline already, where the values are real. */
    private Finding.@Nullable Segment segment(Case found, Cause cause, int column) {
        Segments segments = new Segments(layout, found.sample);
        DoublePredicate moved = cause.moved();
        if (moved != null) {
            return segments.of(column, moved, cause.before(), other -> true);
        }
        if (found.isOutput(column) || cause.kind() == Incident.Kind.DUPLICATE_ROWS) {
            return null;
        }
        List<Integer> cells = found.explanation.gaining(column);
        Bins bins = layout.bins[column];
        return segments.of(
                column,
                value -> Double.isFinite(value) && cells.contains(bins.cell(value)),
                found.explanation.before(column, cells),
                other -> layout.pairs.stream().noneMatch(pair -> pair.isOf(column, other)));
    }
}
