package io.aiproxy.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.util.VirtualThreads;
import org.junit.jupiter.api.Test;

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
