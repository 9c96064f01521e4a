namespace Jobwatch.Bench.Scaling.Capacity;

/// <summary>
/// What things cost. CPU is in seconds per million, which is microseconds for each; memory in KiB. A row is one of <c>bench/run.sh quick</c> as measured
/// on two cores of an AMD EPYC, its CPU split by process as that row says; <c>store.sh</c> is beside this project. What is not measured says so.
/// </summary>
internal static class Coefficients
{
    /// <summary>A write to a watcher's socket. Row W1p, where each event is a write: the edge has 78 % of 14.7, less the event itself.</summary>
    public const double EdgeSend = 11.2;

    /// <summary>An event in a write that others share. Row W1: the edge has 86 % of 0.41.</summary>
    public const double EdgeFrame = 0.35;

    /// <summary>An event that an edge reads from a node, alone. Row W3, one watcher a job: the edge has 16 % of 606, less the write.</summary>
    public const double EdgeStreamEvent = 85;

    /// <summary>A watcher at the edge. Row memory, PSS: 18.9, with a reserve for what it holds while it is served.</summary>
    public const double EdgeWatcherKib = 24;

    /// <summary>Assumed: what the kernel holds of a quiet connection.</summary>
    public const double SocketKib = 8;

    /// <summary>Assumed: a feed of the edge with its stream to the node; its ring begins with 4 KiB (ADR 9).</summary>
    public const double EdgeFeedKib = 32;

    /// <summary>Row memory: an edge without watchers.</summary>
    public const double EdgeIdleMib = 51;

    /// <summary>A commit of the node, its threads woken for it. Row W4 with 1 client: the node has 62 % of 528, less the append.</summary>
    public const double NodeCommit = 290;

    /// <summary>An append in a commit that others share. Row W4m: the node has 61 % of 61, less the event.</summary>
    public const double NodeAppend = 33;

    /// <summary>An event in an append that others share. Row W4 with batches of 100: the node has 24 % of 17.2, less a hundredth of an append.</summary>
    public const double NodeEvent = 3.7;

    /// <summary>An event that a node writes to an edge's stream, alone. Row W3: the node has 36 % of 606, less what this model has for the append.</summary>
    public const double NodeStreamEvent = 49;

    /// <summary>A stream of an edge at a node. Row memory, PSS: a further watcher has 0.46, with a reserve for a stream that isn't shared.</summary>
    public const double NodeStreamKib = 3;

    /// <summary>Assumed: a watched job's ring with a hundred events of 330 bytes. The bound is 4096 KiB (<c>Live:RingBytes</c>).</summary>
    public const double RingKib = 33;

    /// <summary>Row memory: a node without watchers.</summary>
    public const double NodeIdleMib = 68;

    /// <summary>Assumed: a hint that a node receives and looks up.</summary>
    public const double NodeHint = 10;

    /// <summary>Assumed: a page of one event that a node reads. Npgsql and its threads; the store's part is below.</summary>
    public const double NodeRead = 100;

    /// <summary>
    /// A commit of PostgreSQL. Row W3, whose appends come evenly and so mostly alone: it has 47 % of 606, less append and event.
    /// One client as fast as it can (row W4) has it for 176, since nothing gets cold.
    /// </summary>
    public const double StoreCommit = 261;

    /// <summary>A log that moves in a commit, and its execution. Row W4m: PostgreSQL has 39 % of 61, less the event.</summary>
    public const double StoreAppend = 11;

    /// <summary>An event with the entries of its indexes. Row W4 with batches of 100: PostgreSQL has 76 % of 17.2.</summary>
    public const double StoreEvent = 13;

    /// <summary>A page of one event. <c>store.sh</c>: 17, one connection, all of it in memory.</summary>
    public const double StoreRead = 17;

    /// <summary>A log in a sweep. <c>store.sh</c>: 3.8 to 4.9, of 1,000 to 100,000 logs.</summary>
    public const double StoreSweptLog = 4.5;

    /// <summary>A notification. <c>store.sh</c>: 40 with nobody that listens.</summary>
    public const double StoreNotify = 40;

    /// <summary>A notification at one listener. <c>store.sh</c>: 11 to 13, of 10 and 100 listeners.</summary>
    public const double StoreNotified = 12;

    /// <summary>Assumed: a message in or out of Redis, alone: what a raw send costs (row W1p). Many at once are 0.3 (row W1, Redis).</summary>
    public const double RedisMessage = 10;

    /// <summary>
    /// A watcher that comes, at the edge. Measured by hand: 3000 that resume some events before a job's head, 1200 of an edge that just started and
    /// 430 of a warm one.
    /// </summary>
    public const double EdgeConnect = 1000;

    /// <summary>The same at the node: 760 and 160.</summary>
    public const double NodeConnect = 330;

    /// <summary>The same in PostgreSQL.</summary>
    public const double StoreConnect = 90;

    /// <summary>How long a commit takes. Row W4 with 1 client, as 1702 a second.</summary>
    public const double CommitSeconds = 0.0006;

    /// <summary>Hints of a node, and of a job, at most: they are gathered for 10 ms.</summary>
    public const double HintsPerSecond = 100;

    /// <summary><c>Watching:HeartbeatInterval</c>.</summary>
    public const double HeartbeatSeconds = 15;

    /// <summary><c>Live:SweepInterval</c>.</summary>
    public const double SweepsPerSecond = 1;

    /// <summary>Assumed: a process that waits for something to do, in cores.</summary>
    public const double IdleCores = 0.05;

    /// <summary>Assumed: an event of 300 bytes as SSE, with its cursor.</summary>
    public const double FrameBytes = 450;

    /// <summary>Assumed: an event of 300 bytes in the tables and their indexes.</summary>
    public const double StoredBytes = 600;
}
