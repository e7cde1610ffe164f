// The live count of tensors is a figure of the whole process: tests that assert it run alone.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
