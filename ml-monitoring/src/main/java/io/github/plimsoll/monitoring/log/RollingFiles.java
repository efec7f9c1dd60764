package io.github.plimsoll.monitoring.log;

import io.github.plimsoll.core.TimeSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files of a bounded size and number in one folder. */
final class RollingFiles implements LineSink {

    private static final Logger LOG = LoggerFactory.getLogger(PredictionLog.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int BATCH = 1 << 16;
    private static final int MAX_TRIES = 10_000;

    private final Path folder;
    private final String prefix;
    private final long fileSize;
    private final int keep;
    private final TimeSource time;
    private @Nullable OutputStream out;
    private @Nullable Path file;
    private long size;
    private int number; // never starts again: a name that was deleted as the oldest must not come back as the newest

    RollingFiles(Path folder, String model, long fileSize, int keep, TimeSource time) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.prefix =
                "predictions-" + model.replaceAll("[^A-Za-z0-9._-]", "_") + "-"; // a name must not leave the folder
        this.fileSize = fileSize;
        this.keep = keep;
        this.time = time;
    }

    /** Also looks whether the file is still there: to a file that was deleted, writing goes on without an error. */
    @Override
    public boolean isOpen() {
        return out != null && file != null && Files.exists(file);
    }

    @Override
    public void open() throws IOException {
        close();
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString()); // not made anew: it may be a disk that is not mounted
        }
        String begin = prefix + TIME.format(Instant.ofEpochMilli(time.currentTimeMillis())) + "-";
        for (int tries = 1; out == null; tries++) {
            number++;
            Path next = folder.resolve(begin + String.format(Locale.ROOT, "%04d", number) + ".jsonl");
            try {
                out = Files.newOutputStream(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                file = next;
                size = 0;
            } catch (FileAlreadyExistsException taken) {
                if (tries == MAX_TRIES) {
                    throw taken;
                }
            }
        }
        deleteOldest();
    }

    private void deleteOldest() {
        Pattern name = Pattern.compile(Pattern.quote(prefix) + "\\d{8}T\\d{9}Z-\\d{4,}\\.jsonl");
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> ours = all.filter(
                            path -> name.matcher(path.getFileName().toString()).matches())
                    .sorted()
                    .toList();
            for (Path old : ours.subList(0, Math.max(0, ours.size() - keep))) {
                if (!old.equals(file)) {
                    Files.deleteIfExists(old);
                    LOG.debug("prediction log: deleted {}", old);
                }
            }
        } catch (IOException failure) {
            LOG.debug("prediction log: cannot delete the oldest files in {}", folder, failure);
        }
    }

    @Override
    public int batchSize() {
        return (int) Math.min(BATCH, fileSize);
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        if (size > 0 && size + length > fileSize) {
            open();
        }
        OutputStream open = out;
        if (open == null) {
            throw new IOException("not open");
        }
        size += length;
        open.write(lines, 0, length); // unbuffered: when it returns, the operating system has it
    }

    @Override
    public void close() throws IOException {
        OutputStream open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }
}
