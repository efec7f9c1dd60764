package io.github.plimsoll.core.fake;

import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.ModelId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A predictor that answers as a test tells it, and remembers what it was asked.
 *
 * <pre>{@code
 * var risk = FakePredictor.<Applicant, Double>answering(a -> a.debtRatio() > 0.5 ? 0.9 : 0.1)
 *         .failingOnCall(3)
 *         .taking(Duration.ofMillis(40), clock);
 * }</pre>
 *
 * <p>Thread-safe. The methods that change its behaviour return a new predictor, which has been asked nothing yet.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
public final class FakePredictor<I, O> implements Predictor<I, O> {

    private static final ModelId MODEL = new ModelId("fake", ModelId.UNVERSIONED);

    private final Function<? super I, ? extends O> answers;
    private final Map<Integer, PredictionException> failures;
    private final Runnable delay;
    private final List<I> inputs = new ArrayList<>();
    private boolean closed;

    private FakePredictor(
            Function<? super I, ? extends O> answers, Map<Integer, PredictionException> failures, Runnable delay) {
        this.answers = answers;
        this.failures = failures;
        this.delay = delay;
    }

    /**
     * A predictor that answers with a function.
     *
     * @param function the answers, not null; what it throws, {@code predict} throws
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the predictor
     */
    public static <I, O> FakePredictor<I, O> answering(Function<? super I, ? extends O> function) {
        return new FakePredictor<>(Objects.requireNonNull(function), Map.of(), () -> {});
    }

    /**
     * A predictor that gives one answer after the other, whatever it is asked.
     *
     * @param script the answers in order; after the last, {@code predict} throws {@link IllegalStateException}
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the predictor
     */
    public static <I, O> FakePredictor<I, O> scripted(List<? extends O> script) {
        List<? extends O> copy = List.copyOf(script);
        return new FakePredictor<>(new Script<>(copy), Map.of(), () -> {});
    }

    /**
     * This predictor, failing once with a {@link ModelExecutionException}.
     *
     * @param call which call fails, counted from 1
     * @return a new predictor
     * @throws IllegalArgumentException if the call is less than 1
     */
    public FakePredictor<I, O> failingOnCall(int call) {
        return failingOnCall(call, new ModelExecutionException("the fake fails on call " + call, null));
    }

    /**
     * This predictor, failing once.
     *
     * @param call which call fails, counted from 1
     * @param failure what it throws
     * @return a new predictor
     * @throws IllegalArgumentException if the call is less than 1
     */
    public FakePredictor<I, O> failingOnCall(int call, PredictionException failure) {
        if (call < 1) {
            throw new IllegalArgumentException("call: " + call + " (expected: >= 1)");
        }
        Map<Integer, PredictionException> more = new TreeMap<>(failures);
        more.put(call, Objects.requireNonNull(failure));
        return new FakePredictor<>(fresh(), more, delay);
    }

    /**
     * This predictor, taking time: each call moves a clock before it answers or fails. No thread waits.
     *
     * @param time how long a call takes
     * @param clock the clock that is moved
     * @return a new predictor
     */
    public FakePredictor<I, O> taking(Duration time, ManualClock clock) {
        Objects.requireNonNull(time);
        Objects.requireNonNull(clock);
        return new FakePredictor<>(fresh(), failures, () -> clock.advance(time));
    }

    private Function<? super I, ? extends O> fresh() {
        return answers instanceof Script<? super I, ? extends O> script ? new Script<>(script.answers) : answers;
    }

    @Override
    public O predict(I input) {
        Objects.requireNonNull(input, "input");
        int call;
        synchronized (inputs) {
            if (closed) {
                throw new ModelClosedException(MODEL.toString());
            }
            inputs.add(input);
            call = inputs.size();
        }
        delay.run();
        PredictionException failure = failures.get(call);
        if (failure != null) {
            throw failure;
        }
        return Objects.requireNonNull(answers.apply(input), "answer");
    }

    @Override
    public Prediction<O> prediction(I input) {
        return Prediction.of(predict(input), MODEL);
    }

    /**
     * What the predictor was asked, also where it failed.
     *
     * @return a copy, in the order of the calls
     */
    public List<I> inputs() {
        synchronized (inputs) {
            return List.copyOf(inputs);
        }
    }

    /**
     * Whether the predictor has been closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        synchronized (inputs) {
            return closed;
        }
    }

    @Override
    public void close() {
        synchronized (inputs) {
            closed = true;
        }
    }

    @Override
    public String describe() {
        return "fake predictor, asked " + inputs().size() + " times";
    }

    /** Answers one after the other. */
    private static final class Script<I, O> implements Function<I, O> {

        private final List<O> answers;
        private int next;

        private Script(List<? extends O> answers) {
            this.answers = List.copyOf(answers);
        }

        @Override
        public synchronized O apply(I input) {
            if (next == answers.size()) {
                throw new IllegalStateException("script: " + next + " answers, all given (expected: no further call)");
            }
            return answers.get(next++);
        }
    }
}
