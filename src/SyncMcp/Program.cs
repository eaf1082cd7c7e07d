using SyncMcp;
using SyncMcp.Commands;
using SyncMcp.Settings;
using SyncMcp.Transports;

try
{
    // Without a verb the program is an MCP server. That way comes first and does not load the command line: clients wait for it.
    return StartWords.Read(args) is { } words
        ? await StdioHost.RunAsync(OptionsReader.Read(words, Surroundings.Real()), default)
        : await CommandLine.RunAsync(args);
}
catch (SettingException ex)
{
    Log.Line(ex.Message);
    return ExitCode.Usage;
}
