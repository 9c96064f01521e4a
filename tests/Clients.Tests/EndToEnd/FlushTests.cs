using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Jobwatch.Cli.Servers;
using Jobwatch.Cli.Spooling;
using Jobwatch.Clients.Tests.Scripted;
using Jobwatch.Testing;
using Jobwatch.V1;

namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>What a flush does with spools that the server won't have, or that it can't send.</summary>
public sealed class FlushTests : IAsyncLifetime
{
    private ScriptedNode? _node;
    private Cli? _cli;

    private Cli Cli => _cli!;

    private ScriptedRecords Records => _node!.Records;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await ScriptedNode.StartAsync();
        _cli = new Cli(_node.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _cli!.Dispose();
        await _node!.DisposeAsync();
    }

    [Fact]
    public async Task A_busy_server_gets_the_spool_later_and_one_with_a_lasting_limit_never()
    {
        Leave("j", Line(), End());
        Records.Refuses = _ => Refusal(Code.ResourceExhausted, "TOO_MANY_APPENDS", new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });
        Assert.Equal(75, (await Cli.RunAsync("flush")).ExitCode);
        Assert.Single(Cli.Spools);

        Records.Refuses = _ => Refusal(Code.ResourceExhausted, "REQUEST_TOO_LARGE");
        Assert.Equal(65, (await Cli.RunAsync("flush")).ExitCode);
        Assert.Empty(Cli.Spools);
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_start_does_not_cost_the_spool()
    {
        Leave("j", Line(), End());
        Leave("killed");
        Records.Refuses = _ => Refusal(Code.FailedPrecondition, "EXECUTION_NOT_STARTED");
        Records.Otherwise = Refusal(Code.FailedPrecondition, "EXECUTION_NOT_STARTED").ToRpcException();
        var flush = await Cli.RunAsync("flush");

        Assert.Equal(65, flush.ExitCode);
        Assert.Equal(2, Cli.Spools.Count);
        Assert.Equal(2, flush.Error.Count);
        Assert.All(flush.Error, line => Assert.Contains("--server or JOBWATCH_TOKEN", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_execution_that_has_ended_needs_no_end_by_the_flush()
    {
        Leave("j");
        Records.Otherwise = Refusal(Code.FailedPrecondition, "EXECUTION_ENDED").ToRpcException();
        Assert.Equal(0, (await Cli.RunAsync("flush")).ExitCode);
        Assert.Empty(Cli.Spools);
    }

    [Fact]
    public async Task A_spool_that_can_not_be_sent_is_said_and_the_others_are_sent()
    {
        var good = new SpoolHeader("z", "e", _node!.Address.ToString(), null);
        var twoLines = Path.Combine(Cli.Folder, "two-lines");
        await File.WriteAllTextAsync(twoLines, "a\nb\n", Cancelled);
        Leave(good with { JobId = "a", Server = "nonsense" }, End());
        Leave(good with { JobId = "b", TokenFile = twoLines }, End());
        var strange = Path.Combine(Cli.SpoolFolder, "c.spool");
        var content = new ArrayBufferWriter<byte>();
        content.Write("jobwatch-spool-1"u8);
        SpoolRecord.Write(content, "no header"u8);
        await File.WriteAllBytesAsync(strange, content.WrittenMemory, Cancelled);
        Leave(good, End());

        var flush = await Cli.RunAsync("flush");
        Assert.NotEqual(0, flush.ExitCode);
        Assert.Equal(3, Cli.Spools.Count);
        Assert.Equal(4, flush.Error.Count);
        Assert.All(Cli.Spools, path => Assert.Single(flush.Error, line => line.Contains(path, StringComparison.Ordinal)));
        Assert.Equal("z", Assert.Single(Records.Requests).JobId);
    }

    [Fact]
    public async Task A_stop_signal_ends_it_with_a_word_and_leaves_the_rest()
    {
        Leave("j", End());
        Records.BeforeStoring = (_, context) => new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
        await using var flush = Cli.Start("flush");
        await Eventually.TrueAsync(() => !Records.Requests.IsEmpty, TimeSpan.FromSeconds(30), "it sends");
        flush.Signal(UnixSignal.SigInt);
        var ended = await Cli.EndAsync(flush);

        Assert.Equal(75, ended.ExitCode);
        Assert.Contains("Stopped", Assert.Single(ended.Error), StringComparison.Ordinal);
        Assert.Single(Cli.Spools);
    }

    [Fact]
    public async Task A_full_disk_keeps_nothing_from_being_sent_nor_the_end_of_a_killed_run()
    {
        Leave("j", Line());
        var flush = await Cli.RunInShellAsync(Disk.Full(0) + "jobwatch flush");

        Assert.Equal(0, flush.ExitCode);
        Assert.Equal("RUNNER_LOST", Records.Stored[^1].ExecutionFailed.Error.Code);
        Assert.Equal(2, Records.Stored.Count);
        Assert.Empty(Cli.Spools);
    }

    [Fact]
    public async Task A_run_with_a_token_of_its_own_is_not_flushed_with_a_local_servers()
    {
        await WriteLocalServerAsync();
        await RunRefusedAsync("JOBWATCH_TOKEN=mine ");
        var tokens = Accept();

        var refused = await Cli.RunAsync("flush");
        Assert.Equal(77, refused.ExitCode);
        Assert.Contains("another token", Assert.Single(refused.Error), StringComparison.Ordinal);
        Assert.Single(Cli.Spools);
        Assert.Equal(77, (await Cli.RunInShellAsync("rm -r .jobwatch; jobwatch flush")).ExitCode);
        Assert.Empty(tokens);

        Assert.Equal(0, (await Cli.RunInShellAsync("JOBWATCH_TOKEN=mine jobwatch flush")).ExitCode);
        Assert.Equal(["Bearer mine"], tokens.Distinct());
        Assert.Empty(Cli.Spools);
    }

    [Fact]
    public async Task A_run_with_a_token_file_is_flushed_with_it_whatever_token_is_at_hand()
    {
        await WriteLocalServerAsync();
        await RunRefusedAsync("");
        var tokens = Accept();

        Assert.Equal(0, (await Cli.RunInShellAsync("JOBWATCH_TOKEN=other jobwatch flush")).ExitCode);
        Assert.Equal(["Bearer local"], tokens.Distinct());
    }

    [Fact]
    public async Task Whoever_names_the_server_sends_with_the_token_at_hand()
    {
        await RunRefusedAsync("JOBWATCH_TOKEN=old ");
        var tokens = Accept();

        Assert.Equal(0, (await Cli.RunInShellAsync($"JOBWATCH_TOKEN=new jobwatch flush --server {_node!.Address}")).ExitCode);
        Assert.Equal(["Bearer new"], tokens.Distinct());
    }

    [Fact]
    public async Task A_spool_that_does_not_tell_its_runs_token_is_sent_with_the_one_at_hand()
    {
        Leave("j", End());
        var tokens = Accept();
        Assert.Equal(0, (await Cli.RunInShellAsync("JOBWATCH_TOKEN=mine jobwatch flush")).ExitCode);
        Assert.Equal(["Bearer mine"], tokens.Distinct());
    }

    [Fact]
    public void A_header_without_a_mark_is_that_of_an_older_version() => Assert.Null(
        System.Text.Json.JsonSerializer.Deserialize<SpoolHeader>("""{"JobId":"j","ExecutionId":"e","Server":"s","TokenFile":null}""")!.TokenMark);

    [Fact]
    public void A_mark_tells_tokens_apart_and_is_too_short_to_give_one_away()
    {
        Assert.Equal("ba7816bf", Tokens.MarkOf("abc"));
        Assert.Null(Tokens.MarkOf(null));
    }

    // The spool of a run whose credentials were refused.
    private async Task RunRefusedAsync(string environment)
    {
        Records.BeforeStoring = (_, _) => throw new RpcException(new Grpc.Core.Status(StatusCode.Unauthenticated, "scripted"));
        await Cli.RunInShellAsync(environment + "jobwatch run --job j -- true");
        Assert.Single(Cli.Spools);
    }

    private System.Collections.Concurrent.ConcurrentQueue<string?> Accept()
    {
        var tokens = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        Records.BeforeStoring = (_, context) =>
        {
            tokens.Enqueue(context.RequestHeaders.GetValue("authorization"));
            return Task.CompletedTask;
        };
        return tokens;
    }

    private async Task WriteLocalServerAsync()
    {
        var own = Directory.CreateDirectory(Path.Combine(Cli.Folder, ".jobwatch")).FullName;
        await File.WriteAllTextAsync(Path.Combine(own, "token"), "local\n", Cancelled);
        await File.WriteAllTextAsync(
            Path.Combine(own, "server.json"), $$"""{"grpcAddress":"{{_node!.Address}}","tokenFile":"{{own}}/token"}""", Cancelled);
    }

    private void Leave(string job, params ExecutionEvent[] events) => Leave(new SpoolHeader(job, "e", _node!.Address.ToString(), null), events);

    private void Leave(SpoolHeader header, params ExecutionEvent[] events)
    {
        using var spool = Spool.Create(Cli.SpoolFolder, header);
        spool.Append(events);
    }

    private static Google.Rpc.Status Refusal(Code code, string reason, params IMessage[] details)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = "scripted", Details = { Any.Pack(new ErrorInfo { Domain = "jobwatch", Reason = reason }) } };
        status.Details.AddRange(details.Select(detail => Any.Pack(detail)));
        return status;
    }

    private static ExecutionEvent Line() => new() { ExecutionId = "e", EventId = "line", LogWritten = new LogWritten { Text = "x" } };

    private static ExecutionEvent End() => new() { ExecutionId = "e", EventId = "end", ExecutionSucceeded = new ExecutionSucceeded() };
}
