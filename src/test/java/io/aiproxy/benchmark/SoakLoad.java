package io.aiproxy.benchmark;

import io.aiproxy.testing.WireClient;
import io.aiproxy.testing.WireClient.Answer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** The clients of a soak, each on its own connection and thread. Safe for all threads. */
final class SoakLoad implements AutoCloseable {
  private static final int CLIENTS = 16;
  private static final int PAUSE_MS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration TICK = Duration.ofMillis(10);
  private static final String LARGE = "x".repeat(300_000);

  /** What a client does: how often in a hundred visits, and whether all must go well. */
  private enum Kind {
    ANSWER(38, "/v1/chat/completions", "m"),
    STREAM(20, "/v1/chat/completions", "stream"),
    LARGE_REQUEST(4, "/v1/chat/completions", "m"),
    TRANSLATED(6, "/v1/messages", "m"),
    TRANSLATED_STREAM(6, "/v1/messages", "stream"),
    FALLBACK(10, "/several/v1/chat/completions", "m"),
    ABORT(6, "/v1/chat/completions", "long"),
    ERROR(1, "/bad/v1/chat/completions", "error"),
    BUSY(1, "/bad/v1/chat/completions", "busy"),
    CUT(2, "/bad/v1/chat/completions", "cut"),
    CUT_STREAM(2, "/bad/v1/chat/completions", "cut-stream"),
    CLOSED_STREAM(1, "/bad/v1/chat/completions", "closed-stream"),
    GONE(1, "/bad/v1/chat/completions", "gone"),
    SILENT(1, "/bad/v1/chat/completions", "silent"),
    NOISE(1, "/bad/v1/chat/completions", "noise");

    final int share;
    final String path;
    final String model;

    Kind(int share, String path, String model) {
      this.share = share;
      this.path = path;
      this.model = model;
    }

    static Kind of(int hundredth) {
      int left = hundredth;
      for (Kind kind : values()) {
        left -= kind.share;
        if (left < 0) {
          return kind;
        }
      }
      return ANSWER;
    }

    boolean streams() {
      return model.contains("stream") || model.equals("long");
    }

    /** What the answer must end with; nothing if it must not look whole. */
    String end() {
      return switch (this) {
        case ANSWER, LARGE_REQUEST, TRANSLATED, FALLBACK -> "}";
        case STREAM -> "data: [DONE]\n\n";
        case TRANSLATED_STREAM -> "data: {\"type\":\"message_stop\"}\n\n";
        default -> "";
      };
    }

    String body() {
      return "{\"model\":\"" + model + "\",\"max_tokens\":100,\"stream\":" + streams()
          + ",\"messages\":[{\"role\":\"user\",\"content\":\""
          + (this == LARGE_REQUEST ? LARGE : "Hello") + "\"}]}";
    }
  }

  private final int port;
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger busy = new AtomicInteger();
  private final Map<Kind, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private volatile boolean resting;
  private volatile boolean over;

  private SoakLoad(int port) {
    this.port = port;
  }

  static SoakLoad start(int port) {
    SoakLoad load = new SoakLoad(port);
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(i);
      Thread thread = new Thread(() -> load.run(random), "soak client " + i);
      thread.setDaemon(true);
      load.threads.add(thread);
      thread.start();
    }
    return load;
  }

  /** Lets visits end, and begins no other. */
  void rest() {
    resting = true;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (busy.get() > 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(TICK.toNanos());
    }
  }

  void goOn() {
    resting = false;
  }

  long visits() {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }

  Map<String, Long> kinds() {
    Map<String, Long> kinds = new TreeMap<>();
    counts.forEach((kind, count) -> kinds.put(kind.name(), count.sum()));
    return kinds;
  }

  /** What should not be. */
  List<String> errors() {
    return errors;
  }

  private void run(Random random) {
    WireClient client = WireClient.to(port);
    while (!over) {
      busy.incrementAndGet();
      if (!resting) {
        client = visit(Kind.of(random.nextInt(100)), client);
      }
      busy.decrementAndGet();
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(PAUSE_MS)).toNanos());
    }
    client.close();
  }

  /** The connection for the next visit. */
  private WireClient visit(Kind kind, WireClient client) {
    counts.computeIfAbsent(kind, k -> new LongAdder()).increment();
    try {
      client.post(kind.path, kind.body());
      if (kind == Kind.ABORT) {
        abort(client.head());
        return WireClient.to(port);
      }
      Answer answer = client.answer();
      check(kind, answer);
      if (answer.complete() && !answer.header("Connection").equals("close")) {
        return client;
      }
    } catch (UncheckedIOException | AssertionError broken) {
      if (!over && !kind.end().isEmpty()) {
        errors.add(kind + ": " + broken);
      }
    }
    client.close();
    return WireClient.to(port);
  }

  private void abort(WireClient client) {
    if (client.status() != 200) {
      errors.add(Kind.ABORT + ": " + client.status());
      return;
    }
    client.event();
    client.event();
    client.reset();
  }

  private void check(Kind kind, Answer answer) {
    String text = answer.text();
    boolean whole = answer.status() == 200 && answer.complete();
    boolean wrong = kind.end().isEmpty()
        ? whole && (text.contains("[DONE]") || text.equals(SoakModel.ANSWER))
        : !whole || !text.endsWith(kind.end());
    if (wrong) {
      String shown = text.length() > 300 ? text.substring(text.length() - 300) : text;
      errors.add(kind + ": " + answer.status() + (answer.complete() ? "" : " cut") + " " + shown);
    }
  }

  @Override
  public void close() {
    over = true;
    for (Thread thread : threads) {
      try {
        thread.join(PATIENCE.toMillis());
      } catch (InterruptedException hurried) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
