package io.github.plimsoll.core.internal.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text of another encoding as UTF-8. What is no text in it becomes a byte that is none in UTF-8 either, so that whoever reads
 * finds it, and knows the line.
 */
final class Utf8Stream extends InputStream {

    private static final int CHARS = 16_384;
    private static final byte NO_TEXT = (byte) 0xFF;

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    private final ByteBuffer given = ByteBuffer.allocate(CHARS).flip();
    private final CharBuffer chars = CharBuffer.allocate(CHARS);
    private final ByteBuffer utf8 = ByteBuffer.allocate(CHARS * 3 + 1).flip();
    private boolean atEnd;
    private boolean done;

    Utf8Stream(InputStream in, Charset charset) {
        this.in = in;
        decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (!utf8.hasRemaining()) {
            if (done) {
                return -1;
            }
            convert();
        }
        int count = Math.min(length, utf8.remaining());
        utf8.get(into, offset, count);
        return count;
    }

    private void convert() throws IOException {
        if (!atEnd) {
            given.compact();
            int count = given.hasRemaining() ? in.read(given.array(), given.position(), given.remaining()) : 0;
            atEnd = count < 0;
            given.position(given.position() + Math.max(count, 0)).flip();
        }
        chars.clear();
        CoderResult result = decoder.decode(given, chars, atEnd);
        if (result.isError()) {
            given.position(given.position() + result.length());
        } else if (atEnd && result.isUnderflow()) {
            done = decoder.flush(chars).isUnderflow();
        }
        utf8.clear();
        encoder.reset().encode(chars.flip(), utf8, true);
        encoder.flush(utf8);
        if (result.isError()) {
            utf8.put(NO_TEXT);
        }
        utf8.flip();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
