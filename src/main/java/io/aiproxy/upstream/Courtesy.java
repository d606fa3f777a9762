package io.aiproxy.upstream;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread that is about to wait lets the others of its processor go first. While there are any, what it waits for has
 * often come when its turn is there again, and the JVM's poller, two switches of threads, has not to be asked. If there are none
 * it costs a fraction of a microsecond. A platform thread would ask the kernel for the same, which costs more than it saves.
 */
final class Courtesy {
  /** {@code Thread.isVirtual()} of JDK 21. */
  private static final @Nullable MethodHandle IS_VIRTUAL = find();

  private Courtesy() {}

  @SuppressWarnings("ThreadPriorityCheck") // nothing is right or wrong by it, only faster
  static void letOthersGoFirst() {
    if (isVirtual(Thread.currentThread())) {
      Thread.yield();
    }
  }

  static boolean isVirtual(Thread thread) {
    try {
      return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static @Nullable MethodHandle find() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (NoSuchMethodException before21) {
      return null;
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
