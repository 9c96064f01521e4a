using System.Diagnostics;

namespace Jobwatch.DevServer.Processes;

/// <summary>A program that does one thing and ends.</summary>
internal static class ShortProgram
{
    /// <summary>Its exit code and what it wrote to stderr; killed when cancelled.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(ProcessStartInfo command, CancellationToken cancellationToken)
    {
        command.RedirectStandardInput = true;
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        using var process = Process.Start(command)!;
        await using var kill = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        string error = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await output;
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return (process.ExitCode, error);
    }
}
