package io.github.plimsoll.core.internal.table;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The text of a file as UTF-8, from some place on: decompressed if it is gzip, converted if it is in another encoding. */
public final class TextSource implements AutoCloseable {

    private static final int GZIP_BUFFER = 1 << 16;

    private final CountedStream file;
    private final InputStream text;

    private TextSource(CountedStream file, InputStream text) {
        this.file = file;
        this.text = text;
    }

    /**
     * Opens a file.
     *
     * @param path the file
     * @param charset its encoding, or null for UTF-8 or what the byte order mark says
     * @param offset how many bytes of UTF-8 to skip
     */
    public static TextSource open(Path path, @Nullable Charset charset, long offset) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(path);
        try {
            byte[] head = Channels.newInputStream(channel).readNBytes(3);
            channel.position(0);
            boolean gzip = head.length >= 2 && head[0] == 0x1f && head[1] == (byte) 0x8b;
            Charset encoding = charset;
            if (encoding == null && !gzip) {
                encoding = byMark(head);
            }
            boolean plain = !gzip && (encoding == null || encoding.equals(StandardCharsets.UTF_8));
            if (plain) {
                channel.position(offset);
            }
            CountedStream file = new CountedStream(Channels.newInputStream(channel), plain ? offset : 0);
            InputStream text = gzip ? new GZIPInputStream(file, GZIP_BUFFER) : file;
            if (encoding != null && !encoding.equals(StandardCharsets.UTF_8)) {
                text = new Utf8Stream(text, encoding);
            }
            if (!plain) {
                text.skipNBytes(offset);
            }
            return new TextSource(file, text);
        } catch (IOException | RuntimeException | Error failure) {
            channel.close();
            throw failure;
        }
    }

    private static @Nullable Charset byMark(byte[] head) {
        boolean utf16 = head.length >= 2
                && ((head[0] == (byte) 0xFE && head[1] == (byte) 0xFF)
                        || (head[0] == (byte) 0xFF && head[1] == (byte) 0xFE));
        return utf16 ? StandardCharsets.UTF_16 : null;
    }

    /** Fills as much as there is; less than asked for only at the end. */
    int read(byte[] into, int offset, int length) throws IOException {
        return text.readNBytes(into, offset, length);
    }

    /** How many bytes of the file have been taken. */
    long bytesRead() {
        return file.count;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }

    private static final class CountedStream extends FilterInputStream {

        private long count;

        private CountedStream(InputStream in, long count) {
            super(in);
            this.count = count;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            count += Math.max(read, 0);
            return read;
        }

        @Override
        public long skip(long bytes) throws IOException {
            long skipped = super.skip(bytes);
            count += skipped;
            return skipped;
        }
    }
}
