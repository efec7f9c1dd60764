package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Reads a table in blocks of rows and counts each with a recorder that no other block has at the time. */
final class TableProfiling {

    private static final int BLOCK = 2048;

    private final Profiler profiler;
    private final List<Feature> features;
    private final Executor executor;
    private final int blocks;

    TableProfiling(Profiler profiler, List<Feature> features, Executor executor, int blocks) {
        this.profiler = profiler;
        this.features = features;
        this.executor = executor;
        this.blocks = blocks;
    }

    Profile profile(Table table) {
        Queue<ProfileRecorder> idle = new ArrayDeque<>();
        for (int i = 0; i < blocks; i++) {
            idle.add(profiler.recorder());
        }
        if (!features.isEmpty()) {
            try (TableReader reader = table.open()) {
                readAll(reader, idle, Schema.ofTable(readable(features)));
            } catch (TableException failure) {
                throw Thread.currentThread().isInterrupted() ? interrupted(table, failure) : failure;
            }
        }
        ProfileRecorder all = idle.remove();
        idle.forEach(recorder -> all.add(recorder.profile()));
        return all.profile();
    }

    /** Features that may be null, so that rows without a value are no violations that nobody reads. */
    private static List<Feature> readable(List<Feature> features) {
        return features.stream().map(Feature::nullable).toList();
    }

    private void readAll(TableReader reader, Queue<ProfileRecorder> idle, Schema<TableRow> schema) {
        Queue<CompletableFuture<ProfileRecorder>> underWay = new ArrayDeque<>();
        try {
            for (List<TableRow> block = reader.next(BLOCK); !block.isEmpty(); block = reader.next(BLOCK)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted(reader, null);
                }
                if (idle.isEmpty()) {
                    idle.add(ended(underWay.remove()));
                }
                List<TableRow> rows = block;
                ProfileRecorder recorder = idle.remove();
                underWay.add(CompletableFuture.supplyAsync(() -> count(rows, recorder, schema), executor));
            }
        } finally {
            while (!underWay.isEmpty()) {
                idle.add(ended(underWay.remove()));
            }
        }
    }

    private static ProfileRecorder count(List<TableRow> rows, ProfileRecorder recorder, Schema<TableRow> schema) {
        for (TableRow row : rows) {
            recorder.record(schema.read(row));
        }
        return recorder;
    }

    private static CancellationException interrupted(Object table, @org.jspecify.annotations.Nullable Throwable cause) {
        CancellationException cancelled = new CancellationException("profile of " + table + ": interrupted");
        if (cause != null) {
            cancelled.initCause(cause);
        }
        return cancelled;
    }

    private static ProfileRecorder ended(CompletableFuture<ProfileRecorder> block) {
        try {
            return block.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }
}
