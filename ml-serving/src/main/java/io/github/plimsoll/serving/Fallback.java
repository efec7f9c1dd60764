package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Answers when the model has no answer: with a value, a rule, another predictor, or one after the other of them.
 *
 * <pre>{@code
 * .with(Fallback.to(0.5))
 * .with(Fallback.computedBy((Applicant a) -> a.debtRatio() > 0.5 ? 0.9 : 0.1))
 * .with(Fallback.askedOf(smallModel).orElse(Fallback.to(0.5)))
 * }</pre>
 *
 * <p>It answers calls that failed for any reason but these: the input is invalid, the caller gave up, the predictor is closed.
 * {@link #on} says otherwise. Its answers have the source {@link Source#FALLBACK}; they are not cached. If no fallback has an
 * answer either, the call fails as it would have without, and what the fallbacks threw is suppressed in that exception.
 *
 * <p>Another predictor is asked with the priority of the call, and with its deadline if that is not over yet: a call that ran
 * out of time is answered by a second model only if that one is asked without it, so give it one that is quick. Inputs that
 * fail together are asked together.
 *
 * <p>Stands at {@link Stage#FALL_BACK}, outside of deadline, limits and circuit breaker. Runs on the calling thread. A
 * {@code double[]} is copied for each call; any other value is shared by all who are given it. Immutable and thread-safe, if
 * the host's functions are.
 *
 * @param <I> the inputs that it can answer
 * @param <O> the type of its answers: exactly that of the predictor's
 * @since 0.1
 */
public final class Fallback<I, O> implements Capability<I, O> {

    private final List<Way<? super I, ? extends O>> ways;
    private final Predicate<? super PredictionException> failures;

    private Fallback(List<Way<? super I, ? extends O>> ways, Predicate<? super PredictionException> failures) {
        this.ways = ways;
        this.failures = failures;
    }

    private static <I, O> Fallback<I, O> of(Way<? super I, ? extends O> way) {
        return new Fallback<I, O>(List.of(way), Fallback::isUsual);
    }

    private static boolean isUsual(PredictionException failure) {
        return !(failure instanceof InvalidInputException
                || failure instanceof CallCancelledException
                || failure instanceof ModelClosedException);
    }

    /**
     * Answers with a value.
     *
     * @param value the answer
     * @param <O> the type of the answer
     * @return the capability
     */
    public static <O> Fallback<Object, O> to(O value) {
        Objects.requireNonNull(value, "value");
        return of(new Constant<>(value));
    }

    /**
     * Answers with what a function makes of the input.
     *
     * @param rule the function; what it throws, and null, is no answer
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the capability
     */
    public static <I, O> Fallback<I, O> computedBy(Function<? super I, ? extends O> rule) {
        return of(new Computed<I, O>(Objects.requireNonNull(rule)));
    }

    /**
     * Answers with what another predictor answers, which stays the host's to close.
     *
     * @param second the other predictor
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the capability
     */
    public static <I, O> Fallback<I, O> askedOf(Predictor<I, O> second) {
        return of(new Asked<>(Objects.requireNonNull(second)));
    }

    /**
     * Puts another fallback behind this one, for calls that this one has no answer for either.
     *
     * @param next the fallback; which failures it would answer on its own does not matter
     * @return a changed copy
     */
    public Fallback<I, O> orElse(Fallback<? super I, ? extends O> next) {
        return new Fallback<I, O>(both(ways, next.ways), failures);
    }

    private static <W> List<W> both(List<? extends W> these, List<? extends W> those) {
        List<W> all = new ArrayList<>(these);
        all.addAll(those);
        return List.copyOf(all);
    }

    /**
     * Sets which failures are answered, in place of the usual ones.
     *
     * @param which true for those that are answered
     * @return a changed copy
     */
    public Fallback<I, O> on(Predicate<? super PredictionException> which) {
        return new Fallback<>(ways, Objects.requireNonNull(which));
    }

    /**
     * Adds the fallback to a predictor.
     *
     * @throws IllegalStateException if the predictor has another
     * @throws IllegalArgumentException if a value is not of the type of the predictor's answers, which the compiler cannot see
     */
    @Override
    public void attach(Assembly<I, O> assembly) {
        assembly.answerType().ifPresent(type -> ways.forEach(way -> way.checkType(type)));
        Running running = new Running();
        assembly.add(running);
        assembly.measure(result("answered", running.answered));
        assembly.measure(result("failed", running.failed));
    }

    private static Measurement result(String result, LongAdder count) {
        return new Measurement(PredictionMeter.FALLBACKS, Map.of(Tag.RESULT, result), count::doubleValue);
    }

    /** The fallback in words, such as {@code a predictor, else 0.5}. */
    @Override
    public String toString() {
        return String.join(", else ", ways.stream().map(Way::toString).toList());
    }

    private final class Running implements Interceptor<I, O> {

        private final LongAdder answered = new LongAdder();
        private final LongAdder failed = new LongAdder();

        @Override
        public Stage.Position position() {
            return Stage.FALL_BACK.at();
        }

        @Override
        public void intercept(CallBatch<I, O> calls, Next<I, O> next) {
            next.proceed(calls);
            List<Call<I, O>> without = new ArrayList<>(0);
            for (int i = 0; i < calls.size(); i++) {
                PredictionException failure = calls.get(i).failure();
                if (failure != null && failures.test(failure)) {
                    without.add(calls.get(i));
                }
            }
            if (!without.isEmpty()) {
                fallBack(without);
            }
        }

        private void fallBack(List<Call<I, O>> without) {
            int all = without.size();
            for (Way<? super I, ? extends O> way : ways) {
                way.answer(without);
                without.removeIf(call -> call.value() != null);
                if (without.isEmpty()) {
                    break;
                }
            }
            answered.add(all - without.size());
            failed.add(without.size());
        }

        @Override
        public String summary() {
            return Fallback.this.toString();
        }
    }

    /** One way to an answer. Calls that it has none for stay failed, with the reason suppressed in their failure. */
    private interface Way<I, O> {

        void answer(List<? extends Call<? extends I, ? super O>> calls);

        /** Fails if it is known already that its answers are not of a type. */
        default void checkType(Class<?> type) {}

        static <O> void answer(Call<?, ? super O> call, O value) {
            call.reopen();
            call.answer(value, Source.FALLBACK);
        }

        /** What one caller does to its vector must not reach the next one who is given it. */
        @SuppressWarnings("unchecked") // a copy of an array has its type
        static <O> O apart(O value) {
            return value instanceof double[] vector ? (O) vector.clone() : value;
        }

        static void giveUp(Call<?, ?> call, RuntimeException reason) {
            PredictionException failure = call.failure();
            if (failure != null && failure != reason) {
                failure.addSuppressed(reason);
            }
        }
    }

    private record Constant<O>(O value) implements Way<Object, O> {

        @Override
        public void answer(List<? extends Call<?, ? super O>> calls) {
            calls.forEach(call -> Way.answer(call, Way.apart(value)));
        }

        @Override
        public void checkType(Class<?> type) {
            if (!type.isInstance(value)) {
                throw new IllegalArgumentException(
                        "fallback: " + this + ", a " + value.getClass().getSimpleName() + " (expected: a "
                                + type.getSimpleName() + ", as the predictor's answers are)");
            }
        }

        @Override
        public String toString() {
            return value instanceof double[] ? "a vector" : value.toString();
        }
    }

    private record Computed<I, O>(Function<? super I, ? extends O> rule) implements Way<I, O> {

        @Override
        public void answer(List<? extends Call<? extends I, ? super O>> calls) {
            for (Call<? extends I, ? super O> call : calls) {
                try {
                    Way.answer(call, Way.apart(Objects.requireNonNull(rule.apply(call.input()), "fallback: null")));
                } catch (RuntimeException failure) {
                    Way.giveUp(call, failure);
                }
            }
        }

        @Override
        public String toString() {
            return "a function";
        }
    }

    private record Asked<I, O>(Predictor<I, O> second) implements Way<I, O> {

        @Override
        public void answer(List<? extends Call<? extends I, ? super O>> calls) {
            int from = 0;
            for (int to = 1; to <= calls.size(); to++) {
                if (to == calls.size() || !haveSameOptions(calls.get(from), calls.get(to))) {
                    answerTogether(calls.subList(from, to));
                    from = to;
                }
            }
        }

        private static boolean haveSameOptions(Call<?, ?> one, Call<?, ?> other) {
            return one.priority() == other.priority() && one.deadline() == other.deadline();
        }

        private void answerTogether(List<? extends Call<? extends I, ? super O>> calls) {
            Deadline deadline = calls.get(0).deadline();
            CallOptions options = CallOptions.DEFAULT.withPriority(calls.get(0).priority());
            if (deadline != null && !deadline.isOver()) {
                options = options.withDeadline(deadline);
            }
            List<I> inputs = new ArrayList<>(calls.size());
            for (Call<? extends I, ? super O> call : calls) {
                inputs.add(call.input());
            }
            List<Outcome<O>> outcomes;
            try {
                outcomes = second.with(options).predictEach(inputs);
            } catch (RuntimeException failure) { // a lambda of the host's may throw anything
                calls.forEach(call -> Way.giveUp(call, failure));
                return;
            }
            for (int i = 0; i < outcomes.size(); i++) {
                if (outcomes.get(i) instanceof Outcome.Answered<O> answered) {
                    Way.answer(calls.get(i), answered.prediction().value());
                } else if (outcomes.get(i) instanceof Outcome.Failed<O> failed) {
                    Way.giveUp(calls.get(i), failed.failure());
                }
            }
        }

        @Override
        public String toString() {
            return second.toString();
        }
    }
}
