package io.github.plimsoll.monitoring.alert;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine that answers as it is told, and keeps what it was sent. */
final class Receiver implements AutoCloseable {

    /** What a request held. */
    record Request(String method, String path, Headers headers, byte[] body) {
        String header(String name) {
            return headers.getFirst(name);
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Answers the request with a number, from 1. */
    interface Script {
        void answer(int number, HttpExchange exchange) throws IOException, InterruptedException;
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Receiver(Script script) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    exchange.getRequestBody().readAllBytes()));
            try {
                script.answer(requests.size(), exchange);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        server.start();
    }

    static Script statuses(int... statuses) {
        return (number, exchange) -> exchange.sendResponseHeaders(statuses[Math.min(number, statuses.length) - 1], -1);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    HttpEndpoint endpoint() {
        return endpoint("/hooks/ml");
    }

    /** An endpoint that gives up no request only because the machine is busy. */
    HttpEndpoint endpoint(String path) {
        return HttpEndpoint.at(address().resolve(path)).timeout(Duration.ofMinutes(1));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
