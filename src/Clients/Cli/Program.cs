using Jobwatch.Cli;

return await CommandLine.RunAsync(args);
