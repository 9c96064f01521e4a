namespace Jobwatch.Testing;

/// <summary>Linux signals by their numbers.</summary>
public enum UnixSignal
{
    None = 0,
    SigInt = 2,
    SigQuit = 3,
    SigKill = 9,
    SigTerm = 15,
    SigCont = 18,
    SigStop = 19,
}
