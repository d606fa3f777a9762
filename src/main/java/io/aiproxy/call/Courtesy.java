package io.aiproxy.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.management.PlatformManagedObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread that is about to wait lets those go first that wait for a processor. What it waits for, an answer or the next
 * request of a connection, has then often come when its turn is there again: neither the JVM's poller nor the container's has to
 * be asked, nor another thread begun. Where nobody waits for a processor it goes on, since a yield would only wake another one.
 * A platform thread would have to ask the kernel, which may let other processes go first too, for milliseconds. The scheduler tells from
 * JDK 24 on how many wait; before that nobody yields.
 */
public final class Courtesy {
  private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();
  private static final @Nullable MethodHandle QUEUED = queued();

  private Courtesy() {}

  /** To be called where nothing is held that others wait for. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing is right or wrong by it, only faster
  public static void letOthersGoFirst() {
    if (isVirtual(Thread.currentThread()) && othersWait()) {
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

  static boolean othersWait() {
    try {
      return QUEUED != null && (long) QUEUED.invokeExact() > 0;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static @Nullable MethodHandle isVirtual() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (ReflectiveOperationException before21) {
      return null;
    }
  }

  private static @Nullable MethodHandle queued() {
    try {
      Class<? extends PlatformManagedObject> scheduler = Class.forName(
              "jdk.management.VirtualThreadSchedulerMXBean")
          .asSubclass(PlatformManagedObject.class);
      List<? extends PlatformManagedObject> beans = ManagementFactory.getPlatformMXBeans(scheduler);
      return beans.isEmpty()
          ? null
          : MethodHandles.publicLookup()
              .findVirtual(
                  scheduler, "getQueuedVirtualThreadCount", MethodType.methodType(long.class))
              .bindTo(beans.get(0));
    } catch (ReflectiveOperationException | IllegalArgumentException untold) {
      return null;
    }
  }
}
