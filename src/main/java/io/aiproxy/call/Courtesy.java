package io.aiproxy.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread that is about to wait lets the others of its processor go first. While there are any, what it waits for, an
 * answer or the next request of a connection, has often come when its turn is there again; then neither the JVM's poller nor the
 * container's has to be asked, nor another thread begun. If there are none it costs a fraction of a microsecond. A platform
 * thread would have to ask the kernel, which may let other processes go first too, for milliseconds.
 */
public final class Courtesy {
  /** {@code Thread.isVirtual()} of JDK 21. */
  private static final @Nullable MethodHandle IS_VIRTUAL = find();

  private Courtesy() {}

  /** To be called where nothing is held that others wait for. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing is right or wrong by it, only faster
  public static void letOthersGoFirst() {
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
