package io.github.plimsoll.core;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * Calls that travel together. Immutable; the calls in it are not.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
public final class CallBatch<I, O> implements Iterable<Call<I, O>> {

    private final Call<I, O>[] calls;

    private CallBatch(Call<I, O>[] calls) {
        this.calls = calls;
    }

    /**
     * A batch of one call.
     *
     * @param call the call
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the batch
     */
    public static <I, O> CallBatch<I, O> of(Call<I, O> call) {
        Call<I, O>[] array = newArray(1);
        array[0] = Objects.requireNonNull(call);
        return new CallBatch<>(array);
    }

    /**
     * A batch of calls, for instance of several callers.
     *
     * @param calls the calls, in the order wanted
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the batch
     */
    public static <I, O> CallBatch<I, O> of(List<Call<I, O>> calls) {
        Call<I, O>[] array = newArray(calls.size());
        for (int i = 0; i < array.length; i++) {
            array[i] = Objects.requireNonNull(calls.get(i));
        }
        return new CallBatch<>(array);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the array never leaves this class and only ever holds such calls
    private static <I, O> Call<I, O>[] newArray(int length) {
        return new Call[length];
    }

    /**
     * The number of calls.
     *
     * @return a number >= 0
     */
    public int size() {
        return calls.length;
    }

    /**
     * One of the calls.
     *
     * @param index its index
     * @return the call
     * @throws IndexOutOfBoundsException if there is no such call
     */
    public Call<I, O> get(int index) {
        return calls[index];
    }

    /**
     * The calls that are neither answered nor failed.
     *
     * @return this batch if that is all of them, or a smaller one, in the same order
     */
    public CallBatch<I, O> open() {
        int open = 0;
        for (Call<I, O> call : calls) {
            if (call.isOpen()) {
                open++;
            }
        }
        if (open == calls.length) {
            return this;
        }
        Call<I, O>[] rest = newArray(open);
        int next = 0;
        for (Call<I, O> call : calls) {
            if (call.isOpen()) {
                rest[next++] = call;
            }
        }
        return new CallBatch<>(rest);
    }

    /**
     * A run of calls.
     *
     * @param from the index of the first
     * @param to the index after the last
     * @return this batch if that is all of them, or a smaller one
     * @throws IndexOutOfBoundsException if there is no such run
     */
    public CallBatch<I, O> range(int from, int to) {
        Objects.checkFromToIndex(from, to, calls.length);
        return from == 0 && to == calls.length ? this : new CallBatch<>(java.util.Arrays.copyOfRange(calls, from, to));
    }

    @Override
    public Iterator<Call<I, O>> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < calls.length;
            }

            @Override
            public Call<I, O> next() {
                if (next >= calls.length) {
                    throw new NoSuchElementException();
                }
                return calls[next++];
            }
        };
    }
}
