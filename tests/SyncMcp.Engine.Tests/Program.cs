using SyncMcp.Engine.Tests.Connectors;
using SyncMcp.Engine.Tests.Runs;

// The tests start this program once more as a worker that they can kill.
if (args is ["worker", .. var rest])
    return await CopyWorker.RunAsync(rest);
if (args is ["engine", var directory])
    return await EngineWorker.RunAsync(directory);
if (args.Any(arg => arg is "-automated" or "@@"))
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SyncMcp.Engine.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions);
