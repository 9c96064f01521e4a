namespace Jobwatch.Testing;

/// <summary>What to start, and with what.</summary>
/// <param name="FileName">A program on PATH or by its path.</param>
/// <param name="Arguments">Passed on one by one, with no shell between.</param>
public sealed record ChildCommand(string FileName, params IReadOnlyList<string> Arguments)
{
    /// <summary>On top of this process's environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Default: the root, as another user may not be able to enter this process's folder.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>A passwd name to run as; only root can. Default: who runs the tests.</summary>
    public string? UserName { get; init; }

    /// <summary>What ends the child when the test process is gone. Default: SIGKILL.</summary>
    public UnixSignal LastSignal { get; init; } = UnixSignal.SigKill;

    /// <summary>A built .NET program: <c>dotnet <paramref name="dll"/> …</c></summary>
    public static ChildCommand Dotnet(string dll, params IReadOnlyList<string> arguments) => new("dotnet", [dll, .. arguments]);

    public override string ToString() => string.Join(' ', [FileName, .. Arguments]);
}
