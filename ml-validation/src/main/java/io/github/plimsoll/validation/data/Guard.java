package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.schema.Violation.Severity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds each input against what the schema says of its features, before anything else is done with it.
 *
 * <pre>{@code
 * record Ride(@FeatureSpec(unit = "°C", min = -30, max = 50) double temperature, Season season) {}
 *
 * var demand = Plimsoll.load(Path.of("models/bike"))
 *         .as(Ride.class, Output.number())
 *         .with(Guard.rejecting())
 *         .build();
 * }</pre>
 *
 * <p>The rules, and the codes of the violations:
 *
 * <ul>
 *   <li>A number or an integer is within its feature's range, ends included: {@link Violation#RANGE}. The comparison is
 *       exact, also for integers that no {@code double} holds.
 *   <li>A number, and every element of a tensor, is neither NaN nor infinite: {@link Violation#NOT_FINITE}, unless
 *       {@link #allowingNotFinite} says otherwise. NaN never passes as being within a range.
 *   <li>A category of a declared set is in it: {@link Violation#UNKNOWN_CATEGORY}. An open set takes any name.
 * </ul>
 *
 * <p>A null that the schema allows breaks no rule. What could not be read at all is the schema's affair: a {@linkplain
 * #rejecting rejecting} guard puts the row's own violations in front of its own, so that one {@link InvalidInputException}
 * says everything that is wrong with an input. Values of sensitive features appear in no violation. Of one tensor the first
 * ten violations are listed, of one input the first 100 of the guard's own; a last one then says how many more there were.
 *
 * <p>Where there is a {@link DataContract}, handed in by {@link #by} or in the model's package, its rules come on top, and it
 * says for each of them what happens: accept, repair, warn or reject. A repair is never silent: it is a warning of the
 * prediction that says what was there before. A {@linkplain #warning warning} guard repairs nothing.
 *
 * <p>A guard needs a schema and stands at {@link Stage#VALIDATE}. Checking costs a few nanoseconds a feature and, as long as
 * all is well, allocates nothing. Immutable and thread-safe: one guard can serve any number of predictors.
 *
 * @since 0.1
 */
public final class Guard implements Capability<Object, Object> {

    private final Severity severity;
    private final Set<String> notFiniteAllowed;
    private final @Nullable DataContract contract;

    // The rules of the schema last checked by hand. Threads may race here: rules are immutable, and any will do.
    private @Nullable RowRules memo;

    private Guard(Severity severity, Set<String> notFiniteAllowed, @Nullable DataContract contract) {
        this.severity = severity;
        this.notFiniteAllowed = notFiniteAllowed;
        this.contract = contract;
    }

    /**
     * A guard that lets no input with a violation reach the model: the call fails with an {@link InvalidInputException} that
     * lists all of them.
     *
     * @return the guard
     */
    public static Guard rejecting() {
        return new Guard(Severity.ERROR, Set.of(), null);
    }

    /**
     * A guard that lets inputs pass and notes what is wrong with them, for {@link io.github.plimsoll.core.Prediction#warnings}
     * and for the listeners: a way to try rules out on live traffic. An input that could not be read still fails, since there
     * is nothing to give to the model.
     *
     * @return the guard
     */
    public static Guard warning() {
        return new Guard(Severity.WARNING, Set.of(), null);
    }

    /**
     * This guard, holding inputs against a contract beside the schema; otherwise the contract in the model's package is
     * taken, if it has one.
     *
     * @param rules what the data has to keep to; its columns that are no features of the model, and rules that speak of
     *     those, are not checked
     * @return a changed copy
     */
    public Guard by(DataContract rules) {
        return new Guard(severity, notFiniteAllowed, Objects.requireNonNull(rules));
    }

    /**
     * This guard, letting NaN and infinities pass in some features, such as those of a model that was trained to take NaN for
     * an absent value. An infinity still has to be within the feature's range, if there is one.
     *
     * @param features the names of features of type number or tensor, added to those allowed before
     * @return a changed copy
     * @throws IllegalArgumentException if there are none
     */
    public Guard allowingNotFinite(String... features) {
        if (features.length == 0) {
            throw new IllegalArgumentException("features: none (expected: at least one name)");
        }
        Set<String> all = new LinkedHashSet<>(notFiniteAllowed);
        all.addAll(List.of(features));
        return new Guard(severity, all, contract);
    }

    /**
     * Checks one row without a predictor: in a batch job, a test, or at the door of a service.
     *
     * <p>What rows of one schema are checked against is prepared once; a caller that keeps changing between schemas should
     * use a guard for each.
     *
     * @param row the row
     * @return what could not be read, always an {@linkplain Severity#ERROR error}, then what breaks a rule, an error or a
     *     {@linkplain Severity#WARNING warning} as this guard has it; an immutable list, empty if all is well
     * @throws IllegalStateException if {@link #allowingNotFinite} was given a name that is no number or tensor of the row
     */
    public List<Violation> check(FeatureRow row) {
        RowRules rules = memo;
        if (rules == null || rules.features() != row.features()) {
            rules = new RowRules(row.features(), notFiniteAllowed, contract, Environment.SERVING);
            memo = rules;
        }
        return check(row, rules, severity);
    }

    private static List<Violation> check(FeatureRow row, RowRules rules, Severity severity) {
        List<Violation> unreadable = row.violations();
        List<Violation> broken = rules.check(row, severity);
        if (broken.isEmpty()) {
            return unreadable;
        }
        if (unreadable.isEmpty()) {
            return broken;
        }
        List<Violation> all = new ArrayList<>(unreadable);
        all.addAll(broken);
        return List.copyOf(all);
    }

    /**
     * Adds the guard to a predictor.
     *
     * @throws IllegalStateException if the predictor has no schema, {@link #allowingNotFinite} was given a name that is no
     *     number or tensor in it, or the contract says otherwise of a feature than the schema
     * @throws ContractException if the contract in the model's package cannot be read
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        if (assembly.features().isEmpty()) {
            throw new IllegalStateException(
                    "Guard: the predictor reads no features (expected: a schema, given to as or features)");
        }
        DataContract agreed = contract != null
                ? contract
                : assembly.modelPackage()
                        .flatMap(model -> model.part(DataContract.PACKAGE_PART))
                        .map(DataContract::read)
                        .orElse(null);
        RowRules rules = new RowRules(assembly.features(), notFiniteAllowed, agreed, Environment.SERVING);
        assembly.add(new AtWork(rules, new Repairs(rules), severity));
    }

    /** The guard in words, such as {@code guard, rejecting}. */
    @Override
    public String toString() {
        return "guard, " + (severity == Severity.ERROR ? "rejecting" : "warning")
                + (notFiniteAllowed.isEmpty() ? "" : ", allowing NaN and infinities in " + notFiniteAllowed);
    }

    /** A guard at work in one predictor. */
    private record AtWork(RowRules rules, Repairs repairs, Severity severity) implements Interceptor<Object, Object> {

        @Override
        public Stage.Position position() {
            return Stage.VALIDATE.at();
        }

        @Override
        public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
            for (int i = 0; i < calls.size(); i++) {
                if (severity == Severity.ERROR) {
                    refuse(calls.get(i));
                } else {
                    warn(calls.get(i));
                }
            }
            next.proceed(calls);
        }

        private void refuse(Call<Object, Object> call) {
            FeatureRow row = features(call);
            if (row.violations().isEmpty() && rules.isClean(row)) {
                return;
            }
            List<Violation> notes = new ArrayList<>();
            FeatureRow repaired = repairs.repair(row, notes);
            List<Violation> wrong = check(repaired, rules, severity);
            for (Violation violation : wrong) {
                if (violation.severity() == Severity.ERROR) {
                    call.fail(new InvalidInputException(wrong));
                    return;
                }
            }
            if (!notes.isEmpty()) {
                call.repair(repaired);
                notes.forEach(call::warn);
            }
            wrong.forEach(call::warn);
        }

        private void warn(Call<Object, Object> call) {
            List<Violation> broken = rules.check(features(call), severity);
            for (int i = 0; i < broken.size(); i++) { // by index: no iterator in the common case of none
                call.warn(broken.get(i));
            }
        }

        private static FeatureRow features(Call<Object, Object> call) {
            return Objects.requireNonNull(call.features());
        }

        @Override
        public String summary() {
            return (severity == Severity.ERROR ? "rejects" : "warns of") + " inputs that break the "
                    + (rules.hasContract() ? "contract's and the " : "") + "schema's rules: " + rules.summary();
        }
    }
}
