package io.github.plimsoll.core.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Loads native code that needs more stack than a thread has.
 *
 * <p>ONNX Runtime 1.29 reads the command line of the process while it is loaded, with a recursion for each of its characters. From
 * about 4,000 characters on, which a class path reaches easily, that is more than the 1 MiB stack of a Java thread, and the
 * process ends with a segmentation fault and no report. Measured on Linux: 4,200 characters need more than 1 MiB, 12,000 more
 * than 2, 100,000 more than 16 and no more than 64.
 */
public final class DeepStack {

    private static final int SHORT = 2_000;
    private static final long BYTES_PER_CHARACTER = 1_024;
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private DeepStack() {}

    /** What a supplier gives, on a thread with a stack for this process's command line if that is long; this one waits for it. */
    public static <T> T call(Supplier<T> supplier) {
        long characters = commandLine();
        if (characters <= SHORT) {
            return supplier.get();
        }
        FutureTask<T> task = new FutureTask<>(supplier::get);
        Thread thread = new Thread(null, task, "plimsoll-load-engine", (4L << 20) + characters * BYTES_PER_CHARACTER);
        thread.setDaemon(true);
        thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
        thread.start();
        return result(task);
    }

    private static long commandLine() {
        try {
            return Files.readAllBytes(COMMAND_LINE).length;
        } catch (IOException | SecurityException otherSystem) {
            return 0;
        }
    }

    private static <T> T result(FutureTask<T> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true; // loading cannot be interrupted: as if it were done on this thread
                }
            }
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            if (cause instanceof RuntimeException exception) {
                throw exception;
            }
            throw new IllegalStateException(cause); // a supplier throws nothing else
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
