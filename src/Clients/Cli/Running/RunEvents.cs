using System.Text;
using Google.Protobuf.WellKnownTypes;
using Jobwatch.V1;

namespace Jobwatch.Cli.Running;

/// <summary>The events of one run, each with its id, so that sending one twice stores it once.</summary>
internal sealed class RunEvents(string executionId, TimeProvider time)
{
    // UTF-8 of all arguments and the working directory. The server takes 256 KB in one event; a command line can be 2 MB.
    private const int MaxCommandBytes = 128 * 1024;

    // More than what protobuf puts around one.
    private const int ArgumentFrame = 16;

    internal ExecutionEvent Started(string worker, IReadOnlyDictionary<string, string> labels)
    {
        var started = new ExecutionStarted { Worker = Clean(worker) };
        foreach (var (key, value) in labels)
            started.Labels[key] = Clean(value);
        return New(one => one.ExecutionStarted = started);
    }

    internal ExecutionEvent Command(IReadOnlyList<string> commandLine, string workingDirectory)
    {
        var room = MaxCommandBytes;
        var directory = Fit(workingDirectory, ref room);
        var arguments = new List<Value>();
        foreach (var argument in commandLine)
        {
            if (room == 0)
            {
                arguments.Add(Value.ForString($"… and {commandLine.Count - arguments.Count} more"));
                break;
            }

            arguments.Add(Value.ForString(Fit(argument, ref room)));
        }

        var data = new Struct
        {
            Fields = { ["args"] = Value.ForList([.. arguments]), ["cwd"] = Value.ForString(directory) },
        };
        return New(one => one.Custom = new Custom { Name = "command", Data = data });
    }

    internal ExecutionEvent Line(string text, string stream) =>
        New(one => one.LogWritten = new LogWritten { Level = LogLevel.Info, Text = text, Stream = stream });

    internal ExecutionEvent Summary(int exitCode, TimeSpan duration)
    {
        var summary = new Struct
        {
            Fields =
            {
                ["exitCode"] = Value.ForNumber(exitCode),
                ["durationSeconds"] = Value.ForNumber(Math.Round(duration.TotalSeconds, 3)),
            },
        };
        return New(one => one.SummaryUpdated = new SummaryUpdated { Summary = summary });
    }

    /// <param name="program">Its name, for people.</param>
    /// <param name="exitCode">128 + n for one that signal n ended, as shells say it.</param>
    /// <param name="stopSignal">The signal that told this run to stop, e.g. <c>SIGTERM</c>; null if none did.</param>
    internal ExecutionEvent Ended(string program, int exitCode, string? stopSignal)
    {
        if (stopSignal is not null)
            return New(one => one.ExecutionCancelled = new ExecutionCancelled { Reason = stopSignal });
        if (exitCode == 0)
            return New(one => one.ExecutionSucceeded = new ExecutionSucceeded());
        return exitCode is > 128 and <= 128 + 64
            ? Failed($"SIGNAL_{exitCode - 128}", $"{program} was ended by signal {exitCode - 128}.")
            : Failed($"EXIT_{exitCode}", $"{program} ended with exit code {exitCode}.");
    }

    /// <summary>The end of a run that was killed before it could tell its own.</summary>
    internal ExecutionEvent Lost() => Failed("RUNNER_LOST", "`jobwatch run` was killed; how its program ended isn't known.");

    private ExecutionEvent Failed(string code, string message) => New(one =>
        one.ExecutionFailed = new ExecutionFailed { Error = new ExecutionError { Code = code, Message = Clean(message) } });

    private ExecutionEvent New(Action<ExecutionEvent> fill)
    {
        var now = time.GetUtcNow();
        var one = new ExecutionEvent
        {
            ExecutionId = executionId,
            EventId = Guid.CreateVersion7(now).ToString(),
            OccurredAt = Timestamp.FromDateTimeOffset(now),
        };
        fill(one);
        return one;
    }

    // Half a surrogate pair can't be written as UTF-8; a file name on Linux may bring one in.
    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    // As much of it as there is room for, cut between characters.
    private static string Fit(string text, ref int room)
    {
        room = Math.Max(0, room - ArgumentFrame);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= room)
        {
            room -= bytes.Length;
            return Encoding.UTF8.GetString(bytes);
        }

        while ((bytes[room] & 0xC0) == 0x80)
            room--;
        var kept = Encoding.UTF8.GetString(bytes, 0, room) + "…";
        room = 0;
        return kept;
    }
}
