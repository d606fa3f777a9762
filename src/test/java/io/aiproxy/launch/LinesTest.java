package io.aiproxy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.testing.LogLines;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LinesTest {
  private static final int MOST_BYTES = 4 * 1024 * 1024;
  private static final byte[] FULL = new byte[MOST_BYTES];

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @Test
  void writesAllLinesInTheirOrderBeforeItIsClosed() {
    try (Lines lines = Lines.open(written::writeBytes)) {
      for (int i = 0; i < 3; i++) {
        lines.add(bytes(i + "\n"));
      }
    }
    assertThat(written).hasToString("0\n1\n2\n");
  }

  @Test
  void writesWhatComesWhileItWrites() throws Exception {
    List<String> batches = new ArrayList<>();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Lines lines = Lines.open(batch -> {
      batches.add(new String(batch, StandardCharsets.UTF_8));
      begun.countDown();
      await(goOn);
    })) {
      lines.add(bytes("a"));
      begun.await();
      lines.add(bytes("b"));
      lines.add(bytes("c"));
      goOn.countDown();
    }
    assertThat(batches).containsExactly("a", "bc");
  }

  @Test
  void losesLinesAndHoldsNobodyUpWhereTheDiskHangs() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    try (LogLines log = LogLines.of(Lines.class.getName());
        Lines lines = Lines.open(batch -> {
          begun.countDown();
          await(never);
        })) {
      lines.add(bytes("stuck"));
      begun.await();
      lines.add(FULL);
      lines.add(bytes("lost"));
      lines.add(bytes("lost too"));
      assertThat(log.lines()).containsExactly("the access log cannot keep up: lines are lost");
    }
  }

  @Test
  void saysHowManyLinesItLostOnceTheDiskIsBack() throws Exception {
    Semaphore taken = new Semaphore(0);
    Semaphore goOn = new Semaphore(0);
    try (LogLines log = LogLines.of(Lines.class.getName())) {
      try (Lines lines = Lines.open(batch -> {
        taken.release();
        goOn.acquireUninterruptibly();
      })) {
        lines.add(bytes("stuck"));
        taken.acquire();
        lines.add(FULL);
        lines.add(bytes("lost"));
        lines.add(bytes("lost"));
        goOn.release(2);
        taken.acquire();
      }
      assertThat(log.lines()).last().isEqualTo("the access log keeps up again: 2 lines were lost");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
