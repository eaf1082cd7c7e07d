using Mutations;

// "host" is this program once more, inside of the copy: it runs the tests for one mutant after the other.
if (args is ["host", var data])
    return await Host.ServeAsync(data);
return await Proof.RunAsync(args);
