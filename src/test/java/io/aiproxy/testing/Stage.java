package io.aiproxy.testing;

import io.aiproxy.ledger.Attribute;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stands in a container for as long as it runs, and lets each test put its own filters there. When an exchange is over it
 * notes the request attributes, as an access log would. Safe for all threads.
 */
public final class Stage implements Filter {
  private static final String NOTE = Stage.class.getName();

  private volatile Scene scene = new Scene(List.of(), new LinkedBlockingQueue<>());
  private volatile FilterConfig config;

  /** The filters of one test, and the attributes of its exchanges. */
  private record Scene(List<Filter> filters, BlockingQueue<Map<String, String>> ended) {}

  @Override
  public void init(FilterConfig given) {
    config = given;
  }

  /** The container's own words about this filter, for those that are put here. */
  public FilterConfig config() {
    return config;
  }

  /** From now on these filters, the first one outermost, which are ready for use. */
  public void has(Filter... chosen) {
    scene = new Scene(List.of(chosen), new LinkedBlockingQueue<>());
  }

  /** The attributes of the next exchange that is over, waiting for it. */
  public Map<String, String> attributes() {
    try {
      Map<String, String> attributes =
          scene.ended().poll(ScriptedUpstream.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (attributes == null) {
        throw new AssertionError("waited in vain for an exchange to end");
      }
      return attributes;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Scene current = scene;
    FilterChain all = chain;
    for (int i = current.filters().size() - 1; i >= 0; i--) {
      Filter filter = current.filters().get(i);
      FilterChain rest = all;
      all = (req, res) -> filter.doFilter(req, res, rest);
    }
    AtTheEnd end = request.getAttribute(NOTE) instanceof AtTheEnd noting
        ? noting
        : new AtTheEnd(() -> current.ended().add(attributes(request)), new AtomicBoolean());
    request.setAttribute(NOTE, end);
    try {
      all.doFilter(request, response);
    } finally {
      if (request.isAsyncStarted()) {
        request.getAsyncContext().addListener(end);
      } else {
        end.note();
      }
    }
  }

  /** Of a request that may go on without its thread, and come back to one or not. */
  private record AtTheEnd(Runnable action, AtomicBoolean noted) implements AsyncListener {
    void note() {
      if (noted.compareAndSet(false, true)) {
        action.run();
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      note();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }

  private static Map<String, String> attributes(ServletRequest request) {
    Map<String, String> attributes = new TreeMap<>();
    for (Attribute attribute : Attribute.values()) {
      Object value = request.getAttribute(attribute.key());
      if (value != null) {
        attributes.put(attribute.key(), (String) value);
      }
    }
    return attributes;
  }
}
