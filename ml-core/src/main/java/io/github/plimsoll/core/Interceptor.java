package io.github.plimsoll.core;

/**
 * Stands around calls and may change what becomes of them: answer without the model, refuse, try again, wait.
 *
 * <pre>{@code
 * final class NightTariff implements Interceptor<Ride, Double> {
 *     public Stage.Position position() {
 *         return Stage.CACHE.before();
 *     }
 *     public void intercept(CallBatch<Ride, Double> calls, Next<Ride, Double> next) {
 *         for (Call<Ride, Double> call : calls) {
 *             if (call.input().hour() < 5) {
 *                 call.answer(0.0, Prediction.Source.FALLBACK);
 *             }
 *         }
 *         next.proceed(calls); // takes only those that are still open
 *     }
 * }
 * }</pre>
 *
 * <p>Thread-safe. Single calls, batches and asynchronous calls all come through the same method: a single call is a batch
 * of one. If it throws, every call that it was given fails: with that exception if it is a {@link PredictionException},
 * otherwise with one whose cause it is. An {@link Error} is not caught.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
public interface Interceptor<I, O> extends Capability<I, O> {

    /**
     * The rest of the way to the model. Thread-safe.
     *
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     */
    interface Next<I, O> {

        /**
         * Sends on the calls that are still open. When it returns, each of them has been answered or has failed; it does
         * not throw for a call that fails. May be called again for calls that were {@linkplain Call#reopen() reopened}.
         *
         * @param calls the calls
         */
        void proceed(CallBatch<I, O> calls);
    }

    /**
     * Where this interceptor stands.
     *
     * @return a position, the same at each call
     */
    Stage.Position position();

    /**
     * Deals with calls. Every call that it was given must be answered or failed, by itself or by {@code next}, when it
     * returns; one that is not fails.
     *
     * @param calls one or more calls, all of them open
     * @param next the rest of the way
     */
    void intercept(CallBatch<I, O> calls, Next<I, O> next);

    /**
     * What this interceptor does, in a few words, for {@link Predictor#describe()}.
     *
     * @return a text of one line
     */
    default String summary() {
        return getClass().getSimpleName();
    }

    /** Adds this interceptor. */
    @Override
    default void attach(Assembly<I, O> assembly) {
        assembly.add(this);
    }
}
