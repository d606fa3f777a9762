package io.aiproxy.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.VirtualThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class CourtesyTest {
  @Test
  void knowsAPlatformThread() {
    assertFalse(Courtesy.isVirtual(Thread.currentThread()));
  }

  /** A JVM without virtual threads runs it as a platform thread. */
  @Test
  void knowsAVirtualThreadWhereTheJvmHasThem() {
    CompletableFuture<Boolean> virtual = new CompletableFuture<>();

    runVirtually(() -> virtual.complete(Courtesy.isVirtual(Thread.currentThread())));

    assertEquals(VirtualThreads.areSupported(), virtual.join());
  }

  /** More threads than processors, of which none ends before it was seen that some wait. */
  @Test
  @Timeout(60)
  void knowsThatOthersWaitWhereTheJvmTells() {
    assumeTrue(Runtime.version().feature() >= 24, "the scheduler of virtual threads tells nothing");
    AtomicBoolean seen = new AtomicBoolean();
    for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
      runVirtually(() -> {
        while (!seen.get()) {
          Thread.onSpinWait();
        }
      });
    }

    try {
      while (!Courtesy.othersWait()) {
        assertFalse(Thread.interrupted(), "nobody was seen to wait");
      }
    } finally {
      seen.set(true);
    }
  }

  @Test
  void comesBackToAnyThread() {
    CompletableFuture<Boolean> back = new CompletableFuture<>();

    Courtesy.letOthersGoFirst();
    runVirtually(() -> {
      Courtesy.letOthersGoFirst();
      back.complete(true);
    });

    assertEquals(true, back.join());
  }

  private static void runVirtually(Runnable task) {
    if (VirtualThreads.areSupported()) {
      VirtualThreads.getDefaultVirtualThreadsExecutor().execute(task);
    } else {
      new Thread(task).start();
    }
  }
}
