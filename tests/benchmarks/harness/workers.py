"""Worker processes: one for each program and number of threads, started when first needed.

Only the worker that is being measured runs; the others are stopped (SIGSTOP), so that threads that
spin while they wait take nothing from it. One that computes on one thread is bound to the last
processor; one that computes on several may use the first so many, and its busiest threads are bound to one
each: two threads that share a processor for some seconds would be measured as one.
"""
import os
import signal
import subprocess


class WorkerError(Exception):
    """What a worker answered, or that it ended."""


class Worker:
    def __init__(self, name, command, threads, environment, log):
        self.name = name
        last = os.cpu_count() - 1
        self.processors = {last} if threads == 1 else set(range(threads))
        self.log = open(log, "w")
        self.process = subprocess.Popen(
            command + [str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
            text=True, env={**os.environ, **environment},
            preexec_fn=self.settle, start_new_session=True)
        self.about = self.ask("about").removeprefix("about ")

    def settle(self):
        """In the new process: its processors, and before other work of the machine where that is allowed
        (the kernel weighs sessions against each other by their autogroup)."""
        os.sched_setaffinity(0, self.processors)
        try:
            os.setpriority(os.PRIO_PROCESS, 0, -15)
            with open("/proc/self/autogroup", "w") as group:
                group.write("-15")
        except OSError:
            pass

    def ask(self, request):
        """Lets the worker run until it has answered, and gives the answer."""
        self.process.send_signal(signal.SIGCONT)
        try:
            self.process.stdin.write(request + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline().strip()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise WorkerError(f"{self.name} ended; see {self.log.name}")
        self.process.send_signal(signal.SIGSTOP)
        if answer.startswith("error "):
            raise WorkerError(f"{self.name}: {answer.removeprefix('error ')}")
        return answer

    def run(self, workload, count):
        """Seconds for `count` iterations."""
        return float(self.ask(f"run {workload} {count}").removeprefix("seconds "))

    def bind_threads(self, workload, count):
        """Runs the workload once and gives each of the threads that worked most a processor of its own. A
        worker with one thread only starts other processes, which are left alone."""
        threads = [int(name) for name in os.listdir(f"/proc/{self.process.pid}/task")]
        if len(threads) == 1:
            return
        for thread in threads:
            os.sched_setaffinity(thread, self.processors)
        before = {thread: self.nanoseconds(thread) for thread in threads}
        self.run(workload, count)
        busiest = sorted(threads, key=lambda thread: before[thread] - self.nanoseconds(thread))
        for thread, processor in zip(busiest, sorted(self.processors)):
            os.sched_setaffinity(thread, {processor})

    def nanoseconds(self, thread):
        """How long a thread of the worker has run so far."""
        with open(f"/proc/{self.process.pid}/task/{thread}/schedstat") as file:
            return int(file.read().split()[0])

    def end(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Workers:
    """Starts workers by program name. `commands`: program -> (command, environment)."""

    def __init__(self, commands, logs):
        self.commands = commands
        self.logs = logs
        self.running = {}

    def get(self, program, threads):
        if program not in self.commands:
            raise WorkerError(f"{program} is not installed")
        if (program, threads) not in self.running:
            command, environment = self.commands[program]
            name = f"{program}-{threads}"
            self.running[program, threads] = Worker(name, command, threads, environment,
                                                    os.path.join(self.logs, name + ".log"))
        return self.running[program, threads]

    def versions(self):
        """What was measured: program -> its own words; the machine itself and processes have none."""
        return {program: worker.about for (program, _), worker in sorted(self.running.items())
                if program not in ("limits", "command")}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for worker in self.running.values():
            worker.end()
