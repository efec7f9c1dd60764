package io.github.plimsoll.serving.batch;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/** A file that a run adds to, and cuts back to a checkpoint. */
class OutputFile implements AutoCloseable {

    // Not a channel: an interrupt in the middle of a write would close it, and the last checkpoint could not be
    // written.
    private final RandomAccessFile file;

    /** Opens the file, or makes it. */
    OutputFile(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "rw");
    }

    /** Keeps other runs away, of this process or of others, until it is closed. */
    boolean lock() throws IOException {
        try {
            FileLock lock = file.getChannel().tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    long size() throws IOException {
        return file.length();
    }

    /** Drops what stands behind a place, and goes on there. */
    void cut(long size) throws IOException {
        file.setLength(size);
        file.seek(size);
    }

    void write(byte[] bytes) throws IOException {
        file.write(bytes);
    }

    /** Waits until all is on the disk. */
    void sync() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
