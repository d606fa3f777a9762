package io.aiproxy.launch;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM or SIGINT, which a thread can wait for. A second one ends the JVM at once.
 *
 * <p>The JDK's own class for signals is called by reflection, since the compiler warns of it by name. Without it, a
 * shutdown hook could not end the process with status 0, nor see a second signal.
 */
final class StopSignal {
  private static final int KILLED = 143;

  private final CountDownLatch first = new CountDownLatch(1);

  private StopSignal() {}

  /** From now on the signals come here. */
  static StopSignal install() {
    StopSignal stop = new StopSignal();
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy = Proxy.newProxyInstance(
          handler.getClassLoader(),
          new Class<?>[] {handler},
          (self, method, args) -> stop.called(method.getName()));
      for (String name : List.of("TERM", "INT")) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
    } catch (ReflectiveOperationException e) {
      // a JVM without that class, or told to leave signals alone (-Xrs): it ends as any other
      return stop;
    }
    return stop;
  }

  void await() throws InterruptedException {
    first.await();
  }

  private Object called(String method) {
    if (method.equals("handle")) {
      if (first.getCount() == 0) {
        System.exit(KILLED);
      }
      first.countDown();
    }
    return method.equals("hashCode") ? System.identityHashCode(this) : method;
  }
}
