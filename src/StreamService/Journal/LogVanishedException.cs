namespace Jobwatch.StreamService.Journal;

/// <summary>A job was deleted between the statement that found it and the one that locked it. The commit begins anew.</summary>
internal sealed class LogVanishedException() : Exception("A job was deleted while a commit wanted to lock it.");
