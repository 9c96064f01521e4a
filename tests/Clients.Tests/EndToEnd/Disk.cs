namespace Jobwatch.Clients.Tests.EndToEnd;

/// <summary>A disk that is full for one shell and what it starts, which needs no file system of its own.</summary>
internal static class Disk
{
    /// <summary>The start of a bash script whose files can't grow over so many KiB: writing on is then an error, as on a full disk.</summary>
    /// <remarks>.NET maps its code to a file that is larger, unless it is told not to.</remarks>
    internal static string Full(int kibibytes) => $"export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f {kibibytes}; ";
}
