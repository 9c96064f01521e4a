namespace Jobwatch.DevServer.Processes;

/// <summary>Linux signals by their numbers.</summary>
internal enum UnixSignal
{
    None = 0,
    SigInt = 2,
    SigQuit = 3,
    SigKill = 9,
    SigTerm = 15,
}
