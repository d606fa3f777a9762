package io.aiproxy.launch;

import ch.qos.logback.access.common.spi.IAccessEvent;
import ch.qos.logback.core.AsyncAppenderBase;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes access events on a thread of its own, so that a disk which hangs costs lines and no request. It says so when it
 * loses some. Safe for all threads.
 */
public final class BackgroundAppender extends AsyncAppenderBase<IAccessEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundAppender.class);

  private final AtomicLong lost = new AtomicLong();

  /** Made by logback, which then sets the queue's size. */
  public BackgroundAppender() {
    setNeverBlock(true);
  }

  @Override
  protected void append(IAccessEvent event) {
    int free = getRemainingCapacity();
    if (free == 0) {
      if (lost.getAndIncrement() == 0) {
        LOG.warn("the access log cannot keep up: lines are lost");
      }
      return;
    }
    if (lost.get() > 0 && free > getQueueSize() / 2) {
      LOG.warn("the access log keeps up again: {} lines were lost", lost.getAndSet(0));
    }
    super.append(event);
  }

  @Override
  protected void preprocess(IAccessEvent event) {
    event.prepareForDeferredProcessing(); // Jetty uses the request again as soon as this returns
  }
}
