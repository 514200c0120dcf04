"""The RQ worker of a site."""

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import DeserializationError
from rq.serializers import JSONSerializer

from consulta.core.extensions import db
from consulta.jobs.bell import ANSWER, QUEUE

# Seconds without a sign of life after which a worker is taken for dead; RQ adds 60. Idle ones give one every 45.
ALIVE_FOR = 60


class SiteWorker(Worker):
    """An RQ worker that does this site's jobs and no others, each in a forked process with connections of its own."""

    # Redis comes back while people wait: it is looked for often.
    max_connection_wait_time = 5.0

    asked_to_stop = False

    @classmethod
    def of(cls, url):
        """Return a worker for the queue in the Redis at `url`; raises RedisError where that is away."""
        connection = Redis.from_url(url)
        queue = Queue(QUEUE, connection=connection, serializer=JSONSerializer)
        return cls([queue], connection=connection, serializer=JSONSerializer, worker_ttl=ALIVE_FOR)

    def request_stop(self, signum, frame):
        """Note that it was asked to: what else ends the work may be begun anew."""
        self.asked_to_stop = True
        super().request_stop(signum, frame)

    def perform_job(self, job, queue):
        """Do one job in the forked process; refuse whatever else somebody put into Redis."""
        if not _is_ours(job):
            self.log.error("refused job %s: it is none of this site", job.id)
            job.webhooks = []
            self.handle_job_failure(job, queue, exc_string="refused: it is no job of this site")
            return False
        db.engine.dispose(close=False)
        return super().perform_job(job, queue)

    def teardown(self):
        """Take leave of Redis, unless it is away."""
        try:
            super().teardown()
        except RedisError as error:
            self.log.warning("Redis was not told that the worker ends: %s", error)
            if self.pubsub_thread is not None:
                self.pubsub_thread.stop()


def _is_ours(job):
    try:
        named = job.func_name
    except DeserializationError:
        return False
    more = (job._success_callback_name, job._failure_callback_name, job._stopped_callback_name)
    return named == ANSWER and not any(more) and not job.webhooks
