package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.ExecutionProvider;
import java.util.List;

/**
 * How many threads a call may use, and how many calls may run at once, so that the threads of an engine do not outnumber the
 * processors unless the host says so.
 *
 * <p>A call that stays on its own thread has no limit: the engine adds no thread to those that the host runs, and taking turns would
 * cost a small model more than it computes.
 *
 * @param intraOpThreads a number >= 1
 * @param concurrentCalls a number >= 1, or 0 for no limit
 */
public record CpuBudget(int intraOpThreads, int concurrentCalls) {

    public static CpuBudget of(LoadOptions options) {
        return of(options, Runtime.getRuntime().availableProcessors());
    }

    public static CpuBudget of(LoadOptions options, int processors) {
        int threads = Math.min(options.intraOpThreads(), processors);
        int asked = options.concurrentCalls();
        return new CpuBudget(threads, asked > 0 ? asked : threads == 1 ? 0 : processors / threads);
    }

    /** Such as {@code intra-op threads 2, at most 4 calls at once}. */
    @Override
    public String toString() {
        return "intra-op threads " + intraOpThreads
                + (concurrentCalls == 0
                        ? ""
                        : ", at most " + concurrentCalls + (concurrentCalls == 1 ? " call" : " calls") + " at once");
    }

    /** Refuses what only ONNX Runtime can be asked for. */
    public static void requireProcessor(LoadOptions options, String wanted, String engine) {
        if (!options.providers().equals(List.of(ExecutionProvider.CPU))) {
            throw new ModelLoadException(wanted + ": runs in " + engine + ", which was asked for the providers "
                    + options.providers() + " (expected: CPU; others are for ONNX models)");
        }
    }
}
